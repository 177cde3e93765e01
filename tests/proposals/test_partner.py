"""The local partner: its link is its own and ends, its signature is of one letter and one partner, and it counts."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from app.core.forms import read
from app.core.lifecycle import State
from app.core.problems import Conflict, Invalid, Problem, Refused
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.proposals import partner, queries
from app.proposals.documents import Words
from app.proposals.dossier import dossier_of
from app.proposals.models import Document, Proposal
from app.proposals.partner_forms import DeclineForm, InviteForm, SignForm, StatementForm
from app.proposals.partner_letter import Guest, hash_of, letter_of
from app.proposals.partner_models import PartnerAnswer, PartnerLink
from app.proposals.partner_queries import ToldByPartner, identity_of, standing_of, told_by_partner
from app.proposals.queries import documents_of
from app.unit import Work, work
from tests.cast import Cast
from tests.conftest import Clock
from tests.proposals.partners import all_of, invited, secret_in


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "JPEG")
    return out.getvalue()


def signed(unit: Work, guest: Guest, language: str = "es", **more: str) -> PartnerAnswer:
    form = {"name": "Ana Quispe", "function": "Presidenta", "agree": "yes", "letter": hash_of(letter_of(unit, guest, language))}
    return partner.sign(unit, guest, read(SignForm, form | more), language)


def told(unit: Work, guest: Guest) -> ToldByPartner:
    proposal = guest.proposal
    return told_by_partner(proposal, documents_of(unit, proposal), standing_of(unit, proposal).answer)


def test_only_the_fingerprint_of_a_link_is_kept_and_the_e_mail_speaks_the_language_asked(unit: Work, cast: Cast) -> None:
    secret = invited(cast, language="es")
    (link,) = all_of(unit, PartnerLink)
    assert secret not in repr(link.model_dump())
    assert len(secret) * 5 >= 128
    mail = next(one for one in all_of(unit, OutgoingMail) if one.name == "partner-invitation")
    assert (mail.recipient, mail.language) == ("ana@example.org", "es")
    assert "le designa como socio" in mail.subject
    assert secret not in "".join(f"{one.subject} {one.text}" for one in all_of(unit, Entry))


def test_a_link_that_is_wrong_expired_withdrawn_or_replaced_says_which(unit: Work, cast: Cast, clock: Clock) -> None:
    first = invited(cast)
    partner.visit(unit, first)
    with pytest.raises(partner.LinkUnknown, match="never sent"):
        partner.visit(unit, first[:-1])
    with pytest.raises(partner.LinkUnknown):
        partner.visit(unit, first.upper())
    proposal = all_of(unit, Proposal)[0]
    unit.db.commit()
    second = invited(cast, proposal)
    with work(cast.engine, now=clock.now) as later, pytest.raises(partner.LinkOver, match="replaced by a newer one"):
        partner.visit(later, first)
    with work(cast.engine, now=clock.now + partner.LASTS) as later, pytest.raises(partner.LinkOver, match="ended on"):
        partner.visit(later, second)
    with work(cast.engine, now=clock.now) as later:
        claire = cast.person()
        file = queries.carrier_file(later, proposal.public_id, claire)
        partner.resend(later, file, by=claire)
    third = secret_in(cast)
    with work(cast.engine, now=clock.now) as later:
        partner.visit(later, third)
        partner.revoke(later, queries.carrier_file(later, proposal.public_id, claire), by=claire)
        with pytest.raises(partner.LinkOver, match="withdrawn"):
            partner.visit(later, third)


def test_a_partner_signs_the_very_letter_it_saw_and_the_rule_is_met(unit: Work, cast: Cast) -> None:
    guest = partner.visit(unit, invited(cast))
    before = dossier_of(unit, guest.proposal).partner
    assert before is not None
    assert not before.letter_signed
    answer = signed(unit, guest, statement="Queremos agua", statement_language="es")
    assert "Comité de gestion de l’eau" in answer.letter
    assert "Senegal" in answer.letter
    assert answer.letter_hash == hash_of(answer.letter)
    after = dossier_of(unit, guest.proposal).partner
    assert after is not None
    assert after.letter_signed
    told = next(one for one in all_of(unit, OutgoingMail) if one.name == "partner-signed")
    assert told.recipient == "claire@example.org"
    assert "a confirmé sa participation" in told.body_text
    with pytest.raises(Conflict, match="signed already"):
        signed(unit, guest)


def test_a_letter_that_has_changed_since_it_was_shown_is_not_signed(unit: Work, cast: Cast) -> None:
    guest = partner.visit(unit, invited(cast))
    shown = hash_of(letter_of(unit, guest, "es"))
    guest.proposal.requested_cents = 9_999_00
    unit.db.flush()
    with pytest.raises(Conflict, match="Read the letter again"):
        signed(unit, guest, letter=shown)
    assert standing_of(unit, guest.proposal).answer is None


@pytest.mark.parametrize("change", [{"partner_name": "Un autre comité"}, {"partner_kind": "school"}, {"country": "ML"}])
def test_a_signature_of_another_partner_is_outdated_and_counts_no_more(unit: Work, cast: Cast, change: dict[str, str]) -> None:
    guest = partner.visit(unit, invited(cast))
    signed(unit, guest)
    guest.proposal.title += " !"
    unit.db.flush()
    assert standing_of(unit, guest.proposal).signed is not None, "a new title is no new partner"
    for name, value in change.items():
        setattr(guest.proposal, name, value)
    unit.db.flush()
    standing = standing_of(unit, guest.proposal)
    assert (standing.outdated, standing.signed) == (True, None)
    found = dossier_of(unit, guest.proposal).partner
    assert found is not None
    assert not found.letter_signed
    signed(unit, guest)
    assert standing_of(unit, guest.proposal).signed is not None


def test_declining_takes_a_signature_back_and_its_reason_is_needed(unit: Work, cast: Cast) -> None:
    guest = partner.visit(unit, invited(cast))
    with pytest.raises(Invalid):
        read(DeclineForm, {"reason": "  "})
    signed(unit, guest)
    partner.decline(unit, guest, read(DeclineForm, {"reason": "No conocemos este proyecto"}))
    standing = standing_of(unit, guest.proposal)
    assert standing.signed is None
    assert standing.label[0].text == "Declined"
    told = next(one for one in all_of(unit, OutgoingMail) if one.name == "partner-declined")
    assert told.recipient == "claire@example.org"
    assert "No conocemos este proyecto" in told.body_text
    with pytest.raises(Conflict):
        partner.restate(unit, guest, read(StatementForm, {"statement": "x"}), "es")


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"name": ""}, "name"), ({"function": " "}, "function"), ({"agree": ""}, "agree"),
     ({"statement_language": "xx"}, "statement_language"),
     ({"statement": "x" * 2001}, "statement"), ({"name": "a\x00b"}, "name"), ({"outcome": "confirmed"}, "outcome")],
)  # fmt: skip
def test_a_signature_that_lacks_something_is_told_at_its_field(sent: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(SignForm, {"name": "Ana", "function": "Presidenta", "agree": "yes"} | sent)
    assert field in caught.value.errors


def test_where_it_stands_is_told_step_by_step(unit: Work, cast: Cast, clock: Clock) -> None:
    guest = partner.visit(unit, invited(cast))
    said = [standing_of(unit, guest.proposal).label[0].text]
    partner.open_link(unit, guest)
    said.append(standing_of(unit, guest.proposal).label[0].text)
    signed(unit, guest)
    said.append(standing_of(unit, guest.proposal).label[0].text)
    guest.proposal.partner_name = "Autre"
    unit.db.flush()
    said.append(standing_of(unit, guest.proposal).label[0].text)
    assert said == ["Sent", "Opened", "Letter signed", "Outdated: the file now names another partner"]


def test_a_photo_of_the_partner_needs_words_and_consent_and_there_is_an_end_to_them(unit: Work, cast: Cast) -> None:
    guest = partner.visit(unit, invited(cast))
    for words, fields in ((Words(), {"alt", "consent"}), (Words(alt="Un pozo"), {"consent"}), (Words(consent=True), {"alt"})):
        with pytest.raises(Invalid) as caught:
            partner.add_photo(unit, guest, "a.jpg", photo(), words)
        assert set(caught.value.errors) == fields
    good = Words(alt="Un pozo", consent=True)
    with pytest.raises(Invalid, match="Send a photo"):
        partner.add_photo(unit, guest, "a.pdf", b"%PDF-1.7\n%%EOF\n", good)
    made = partner.add_photo(unit, guest, "a.jpg", photo(), good)
    assert (made.from_partner, made.added_by_id, made.shared, made.kind) == (True, None, True, "photo")
    for number in range(partner.MAX_PHOTOS - 1):
        unit.db.add(_other(made, number))
    unit.db.flush()
    with pytest.raises(Invalid, match="6 photos at most"):
        partner.add_photo(unit, guest, "a.jpg", photo(), good)


def _other(made: Document, number: int) -> Document:
    return Document(**made.model_dump(exclude={"id", "public_id", "sha256"}), public_id=f"{number:026d}", sha256=f"{number:064d}")


def test_what_the_partner_says_is_shown_to_all_once_the_project_is_public_and_less_of_it_where_there_is_danger(
    unit: Work, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = partner.visit(unit, invited(cast))
    signed(unit, guest, statement="Queremos agua")
    partner.add_photo(unit, guest, "a.jpg", photo(), Words(alt="Un pozo", consent=True))
    assert told(unit, guest).photos == [], "a draft shows nothing"
    guest.proposal.state = State.ADMISSIBLE
    unit.db.flush()
    assert [one.alt for one in told(unit, guest).photos] == ["Un pozo"]
    monkeypatch.setattr("app.proposals.queries.is_guarded", lambda proposal: True)
    assert told(unit, guest).photos == []


def test_the_link_is_sent_by_who_may_write_to_a_named_partner_and_not_without_end(unit: Work, cast: Cast) -> None:
    claire = cast.person()
    empty, named = cast.draft(claire, complete=False), cast.draft(claire)
    nameless = queries.carrier_file(unit, empty.public_id, claire)
    form = read(InviteForm, {"contact": "Ana", "email": "ana@example.org", "language": "es"})
    with pytest.raises(Invalid, match="Name the partner"):
        partner.invite(unit, nameless, form, by=claire)
    file = queries.carrier_file(unit, named.public_id, claire)
    with pytest.raises(Conflict):
        partner.resend(unit, file, by=claire)
    for _ in range(partner.SENDS_A_DAY):
        partner.invite(unit, file, form, by=claire)
    with pytest.raises(Invalid, match="5 times today"):
        partner.invite(unit, file, form, by=claire)
    file.proposal.state = State.WITHDRAWN
    with pytest.raises(Refused):
        partner.invite(unit, file, form, by=claire)


@pytest.mark.parametrize("sent", [{"email": "nobody"}, {"language": "de"}, {"contact": "a\r\nBcc: x@example.org"}, {"contact": ""}])
def test_an_invitation_is_checked(sent: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        read(InviteForm, {"contact": "Ana", "email": "ana@example.org", "language": "es"} | sent)


def test_a_project_that_is_over_takes_nothing_more(unit: Work, cast: Cast) -> None:
    guest = partner.visit(unit, invited(cast))
    guest.proposal.state = State.WITHDRAWN
    unit.db.flush()
    for act in (
        lambda: signed(unit, guest),
        lambda: partner.decline(unit, guest, read(DeclineForm, {"reason": "x"})),
        lambda: partner.add_photo(unit, guest, "a.jpg", photo(), Words(alt="x", consent=True)),
    ):
        with pytest.raises(Problem, match="over"):
            act()


def test_spaces_do_not_make_another_partner(unit: Work, cast: Cast) -> None:
    proposal = Proposal(public_id="a", edition_id=1, organisation_id=1, created_at=unit.now, partner_name="Comité  de\tl’eau ")
    assert identity_of(proposal)["name"] == "Comité de l’eau"


def test_a_month_is_given() -> None:
    assert timedelta(days=30) == partner.LASTS
