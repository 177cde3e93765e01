"""What happens between a file and its local partner: a link is sent, opened, withdrawn; the letter is signed, or the partner declines."""

from datetime import timedelta

from sqlalchemy import select as select_rows
from sqlalchemy import update
from sqlmodel import col

from app import limits
from app.accounts.people import Person
from app.accounts.sessions import fingerprint
from app.core.lifecycle import verbs_from
from app.core.messages import say
from app.core.problems import Conflict, Invalid, Missing, Refused
from app.editions.models import Edition, Programme
from app.ledger import service as ledger
from app.organisations.models import Organisation
from app.proposals import partner_emails as emails
from app.proposals.documents import MISSING_WORDS, NO_CONSENT, Words, keep
from app.proposals.lifecycle import state_of
from app.proposals.models import Document, Proposal
from app.proposals.partner_forms import DeclineForm, InviteForm, SignForm, StatementForm
from app.proposals.partner_letter import Guest, cost_of, hash_of, letter_of, still_holds
from app.proposals.partner_models import PartnerAnswer, PartnerLink
from app.proposals.partner_queries import CONFIRMED, DECLINED, identity_of, standing_of
from app.proposals.queries import NO_DOCUMENT, CarrierFile, documents_of
from app.proposals.service import check_role
from app.unit import Work
from app.uploads import look_at, refused

LASTS = timedelta(days=30)
"""How long a link opens the partner's page."""
SECRET = 26
"""Letters of Crockford's base 32: 130 random bits."""
DAY, SENDS_A_DAY = timedelta(days=1), 5
MAX_PHOTOS = 6
OVER = say("This project is over: nothing can be added any more.")


class LinkUnknown(Missing):
    """404: no such link was ever sent."""


class LinkOver(Missing):
    """404: a link that was withdrawn, replaced by a newer one, or ran out."""


def invite(work: Work, file: CarrierFile, form: InviteForm, *, by: Person) -> None:
    """Send the partner its link; earlier ones end. Raises Invalid at "email" where the partner has no name yet or too many were sent."""
    check_role(file, "write_file")
    check_alive(file.proposal)
    if not file.proposal.partner_name:
        raise Invalid({"": say("Name the partner on its page of the file first, then send the link.")})
    for key in (f"partner:file:{file.proposal.id}", f"partner:to:{fingerprint(form.email)[:32]}"):
        if not limits.count(work, key, limit=SENDS_A_DAY, per=DAY):
            raise Invalid({"email": say("The link was sent %(limit)d times today. Try again tomorrow.", limit=SENDS_A_DAY)})
    _end_links(work, file.proposal)
    secret = work.code(SECRET)
    link = PartnerLink(
        proposal_id=file.proposal.id or 0, token_hash=fingerprint(secret), email=form.email, contact=form.contact, language=form.language,
        sent_at=work.now, sent_by_id=by.id, expires_at=work.now + LASTS,
    )  # fmt: skip
    work.db.add(link)
    work.db.flush()
    ledger.record(work, "partner:invite", file.proposal.public_id, by=by.id)
    emails.invitation(work, file, link, secret)


def resend(work: Work, file: CarrierFile, *, by: Person) -> None:
    """Send a new link to the same address: the secret of the last one is kept nowhere. Raises Conflict where none was sent."""
    last = standing_of(work, file.proposal).link
    if last is None:
        raise Conflict(say("No link was sent yet."))
    invite(work, file, InviteForm(contact=last.contact, email=last.email, language=last.language), by=by)


def revoke(work: Work, file: CarrierFile, *, by: Person) -> None:
    """End the link of a file; one that has ended is no fault. What the partner signed stands."""
    check_role(file, "write_file")
    _end_links(work, file.proposal)
    ledger.record(work, "partner:revoke", file.proposal.public_id, by=by.id)


def visit(work: Work, secret: str) -> Guest:
    """Who comes by a link, without changing anything. Raises LinkUnknown or LinkOver with what to do."""
    asked = (
        select_rows(PartnerLink, Proposal, Organisation, Edition, Programme)
        .join(Proposal, col(Proposal.id) == col(PartnerLink.proposal_id))
        .join(Organisation, col(Organisation.id) == col(Proposal.organisation_id))
        .join(Edition, col(Edition.id) == col(Proposal.edition_id))
        .join(Programme, col(Programme.id) == col(Edition.programme_id))
    )
    found = work.db.execute(asked.where(col(PartnerLink.token_hash) == fingerprint(secret))).first()
    if found is None:
        raise LinkUnknown(say("This link is not complete or was never sent. Open it again from the e-mail, or copy its whole address."))
    guest = Guest(*found)
    ask = guest.organisation.name
    if guest.link.revoked_at is not None:
        raise LinkOver(say("This link was withdrawn or replaced by a newer one. Look for a later e-mail, or ask %(carrier)s.", carrier=ask))
    if guest.link.expires_at <= work.now:
        raise LinkOver(say("This link ended on %(when)s. Ask %(carrier)s to send you a new one.", when=guest.link.expires_at, carrier=ask))
    return guest


def open_link(work: Work, guest: Guest) -> None:
    """Note that the partner opened its page: by a button, as programs that check mail follow links too."""
    if guest.link.opened_at is None:
        guest.link.opened_at = work.now
        work.db.add(guest.link)


def sign(work: Work, guest: Guest, form: SignForm, language: str) -> PartnerAnswer:
    """Sign the letter. Raises Conflict if the file has changed since it was shown, or if this partner has signed what it says already."""
    check_alive(guest.proposal)
    work.db.refresh(guest.proposal, with_for_update=True)
    letter = letter_of(work, guest, language)
    if form.letter != hash_of(letter):
        raise Conflict(say("The file was changed while you were reading. Read the letter again before you sign it."))
    signed = standing_of(work, guest.proposal).signed
    named = guest.organisation.name
    if signed is not None and still_holds(signed.letter, signed.language, guest.proposal, named, cost_of(work, guest)):
        raise Conflict(say("This letter is signed already."))
    answer = _answer(work, guest, CONFIRMED)
    answer.name, answer.function, answer.language = form.name, form.function, language
    answer.letter, answer.letter_hash = letter, hash_of(letter)
    answer.statement, answer.statement_language = form.statement, form.statement_language or language
    return _keep_answer(work, guest, answer)


def decline(work: Work, guest: Guest, form: DeclineForm) -> PartnerAnswer:
    """Refuse to take part, or take a signature back."""
    check_alive(guest.proposal)
    answer = _answer(work, guest, DECLINED)
    answer.reason = form.reason
    return _keep_answer(work, guest, answer)


def restate(work: Work, guest: Guest, form: StatementForm, language: str) -> None:
    """Change the partner's own words under a letter that it signed. Raises Conflict where there is none."""
    signed = standing_of(work, guest.proposal).signed
    check_alive(guest.proposal)
    if signed is None:
        raise Conflict(say("Sign the letter first."))
    signed.statement, signed.statement_language = form.statement, form.statement_language or language
    work.db.add(signed)
    ledger.record(work, "partner:restate", guest.proposal.public_id, by=None)


def add_photo(work: Work, guest: Guest, name: str, content: bytes, words: Words) -> Document:
    """Keep a photo of the partner's: public, so with words for it and the consent of the people shown. Raises Invalid."""
    check_alive(guest.proposal)
    errors = ({"alt": MISSING_WORDS} if not words.alt else {}) | ({"consent": NO_CONSENT} if not words.consent else {})
    if errors:
        raise Invalid(errors)
    if sum(one.from_partner for one in documents_of(work, guest.proposal)) >= MAX_PHOTOS:
        raise refused(say("You can send %(limit)d photos at most.", limit=MAX_PHOTOS))
    upload = look_at(name, content)
    if not upload.is_picture:
        raise refused(say("Send a photo here: JPEG, PNG or WebP."))
    return keep(work, guest.proposal, "photo", upload, Words(alt=words.alt, shared=True, consent=True), by=None)


def check_alive(proposal: Proposal) -> None:
    """Raise Refused for a project that is over."""
    if not verbs_from(state_of(proposal)):
        raise Refused(OVER)


def photos_from(work: Work, proposal: Proposal) -> list[Document]:
    """The photos that the partner sent."""
    return [one for one in documents_of(work, proposal) if one.from_partner]


def photo_from(work: Work, proposal: Proposal, public_id: str) -> Document:
    """One of the photos that the partner of this file sent. Raises Missing for any other document."""
    found = next((one for one in photos_from(work, proposal) if one.public_id == public_id), None)
    if found is None:
        raise Missing(NO_DOCUMENT)
    return found


def _end_links(work: Work, proposal: Proposal) -> None:
    alive = (col(PartnerLink.proposal_id) == proposal.id, col(PartnerLink.revoked_at).is_(None))
    work.db.execute(update(PartnerLink).where(*alive).values(revoked_at=work.now))


def _answer(work: Work, guest: Guest, outcome: str) -> PartnerAnswer:
    return PartnerAnswer(
        proposal_id=guest.proposal.id or 0, link_id=guest.link.id or 0, outcome=outcome, at=work.now, identity=identity_of(guest.proposal)
    )


def _keep_answer(work: Work, guest: Guest, answer: PartnerAnswer) -> PartnerAnswer:
    work.db.add(answer)
    work.db.flush()
    ledger.record(
        work, f"partner:{'confirm' if answer.outcome == CONFIRMED else 'decline'}", guest.proposal.public_id, answer.letter_hash, by=None
    )
    emails.answered(work, guest, answer)
    return answer
