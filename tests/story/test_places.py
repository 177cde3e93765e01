"""What stands in the places of a message: secrets in the text alone, paragraphs that fall away, languages that are never sent."""

from string import Formatter
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jinja2.meta import find_undeclared_variables
from sqlalchemy import Engine
from sqlmodel import select

from app.core.permissions import Role
from app.ledger.models import Entry
from app.notifications.kinds import KINDS, Kind
from app.notifications.models import MailWording, OutgoingMail
from app.notifications.service import send
from app.notifications.wording import faults, starting_point, written
from app.organisations import invitations
from app.organisations.forms import InvitationForm
from app.organisations.models import Organisation
from app.rendering import GUEST_LANGUAGES, LANGUAGES, environment
from app.settings import ROOT, settings
from app.unit import work
from tests.cast import Cast
from tests.conftest import NOW
from tests.proposals.partners import invited

NOT_OURS_TO_CHANGE = {"address-known", "confirm-address", "reset-password", "staff-invitation", "vote-not-frozen"}
"""Messages about an account and to the bureau: they keep their usual words."""
SECRETS = [(kind, place.name) for kind in KINDS.values() for place in kind.places if place.secret]
REALLY_GIVEN = {"file-completed": {"edition"}, "decision-merged": {"edition"}}
"""Values that every such message has, though its usual text leaves them out."""


def own(engine: Engine, name: str, language: str, subject: str, body: str) -> None:
    """Words in force, past every check of the form."""
    with work(engine, now=NOW) as unit:
        unit.db.add(MailWording(name=name, language=language, subject=subject, body=body, saved_at=NOW))


def newest(engine: Engine) -> OutgoingMail:
    with work(engine, writing=False) as unit:
        mail = unit.db.exec(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()  # type: ignore[union-attr]
        assert mail is not None
        return mail


def test_every_message_is_one_the_city_may_reword_or_is_named_as_one_that_it_may_not() -> None:
    sent = {path.name for path in (ROOT / "templates" / "emails").iterdir() if path.is_dir()}
    assert sent == KINDS.keys() | NOT_OURS_TO_CHANGE
    assert KINDS.keys() & NOT_OURS_TO_CHANGE == set()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_may_stand_in_a_message_is_what_it_is_given(kind: Kind) -> None:
    texts = [path.read_text() for path in (ROOT / "templates" / "emails" / kind.name).iterdir()]
    given = set().union(*(find_undeclared_variables(environment().parse(text)) for text in texts))
    given |= {"letter"} if any("emails/_letter" in text for text in texts) else set()
    asked = {one.source or one.name for one in kind.places if not one.path}
    asked |= {field for one in kind.places for _, field, _, _ in Formatter().parse(one.path) if field}
    assert asked - given == REALLY_GIVEN.get(kind.name, set())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_links_of_a_sample_are_this_sites_and_a_secret_one_is_plainly_none(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTEPART_BASE_URL", "https://budget.example.org")
    settings.cache_clear()
    try:
        subject, body = starting_point(kind, "fr")
        letter = written(kind, subject, body, kind.sample(), language="fr", zone="UTC")
        assert "127.0.0.1" not in letter.text + letter.html
        secrets = [str(kind.sample()[one.source or one.name]) for one in kind.places if one.secret and one.is_link]
        assert all(one.startswith("https://budget.example.org/") and "/xxxx-xxxx-xxxx" in one for one in secrets)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_links_that_let_in_whoever_has_them_are_secret() -> None:
    assert {(kind.name, name) for kind, name in SECRETS} == {
        ("invitation", "link"), ("partner-invitation", "link"), ("voting-code", "code"), ("follow-confirm", "link"),
        ("project-moved", "stop"), ("edition-news", "stop"),
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "name"), SECRETS, ids=lambda one: getattr(one, "name", one))
def test_a_secret_is_refused_in_a_subject_and_never_filled_there(kind: Kind, name: str) -> None:
    assert list(faults(kind, f"Venez {{{name}}}", f"Voici : {{{name}}}")) == ["subject"]
    letter = written(kind, f"Venez {{{name}}}", f"Voici : {{{name}}}", kind.sample(), language="fr", zone="UTC")
    place = kind.place(name)
    assert place is not None
    secret = str(kind.sample()[place.source or name])
    assert (letter.subject, secret in letter.text, secret in letter.html) == ("Venez", True, True)


def test_the_secret_of_an_invitation_in_the_citys_words_is_wiped_with_the_text_and_stands_nowhere_else(cast: Cast, engine: Engine) -> None:
    own(engine, "invitation", "fr", "{by} {link}", "Venez chez {organisation} : [accepter]({link})\n\nAvant : {until}")
    claire = cast.person()
    made = cast.organisation(claire)
    with work(engine, now=NOW) as unit:
        held = unit.db.get_one(Organisation, made.id)
        invitations.invite(unit, held, InvitationForm(email="leo@example.org", role="writer"), by=claire)
    mail = newest(engine)
    secret = mail.body_text.partition("/invitations/")[2].split()[0]
    assert len(secret) > 20
    assert f'/invitations/{secret}"' in mail.body_html
    assert (mail.name, mail.subject) == ("invitation", "Claire Le Goff")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.notifications.service.settings", lambda: settings().model_copy(update={"smtp_host": "mail", "demo": False}))
        patched.setattr("app.notifications.service._deliver", lambda *_: None)
        with work(engine, now=NOW) as unit:
            send(unit, mail.id or 0)
    after = newest(engine)
    assert (after.sent_at is not None, secret in repr(after.model_dump())) == (True, False)
    with work(engine, writing=False) as unit:
        assert secret not in "".join(f"{one.subject} {one.text}" for one in unit.db.exec(select(Entry)))


def test_a_preview_and_a_test_of_a_message_with_a_secret_show_none(client: TestClient, cast: Cast, engine: Engine) -> None:
    secret = invited(cast, language="fr")
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    page = "/staff/messages/partner-invitation/fr"
    words = {"subject": "Votre réponse", "body": "{name}, {partner}\n\n[Répondre]({link})"}
    answers = [client.get(page), *(client.post(page, data=words | {"action": action}) for action in ("preview", "test"))]
    assert [answer.status_code for answer in answers] == [200] * 3
    mail = newest(engine)
    assert (mail.name, mail.recipient) == ("test", "sophie@example.org")
    for told in [*(answer.text for answer in answers), mail.body_text, mail.body_html]:
        assert ("http://127.0.0.1:8000/partner/xxxx-xxxx-xxxx" in told, secret in told) == (True, False)


def test_a_message_is_only_worded_in_the_languages_it_is_sent_in(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    words = {"subject": "x", "body": "{link}", "action": "save"}
    for language in LANGUAGES:
        page, there = f"/staff/messages/partner-invitation/{language}", language in GUEST_LANGUAGES
        assert client.get(page).status_code == (200 if there else 404)
        assert client.post(page, data=words).status_code == (303 if there else 404)
        assert client.post(f"{page}/reset", data={}).status_code == (303 if there else 404)
    page = client.get("/staff/messages/partner-invitation/fr").text
    never = page.partition("Jamais envoyé")[2].partition("</p>")[0]
    assert [f'lang="{language}"' in never for language in LANGUAGES] == [language not in GUEST_LANGUAGES for language in LANGUAGES]
    assert [page.count(f'href="/staff/messages/partner-invitation/{language}"') for language in LANGUAGES] == [
        int(language in GUEST_LANGUAGES) for language in LANGUAGES
    ]


@pytest.mark.parametrize(
    ("name", "place", "source"),
    [(kind.name, place.name, place.source or place.name) for kind in KINDS.values() for place in kind.places if place.optional],
)
@pytest.mark.parametrize("between", ["\n\n", "\r\n\r\n", "\n \n"])
def test_where_nothing_stands_in_an_optional_place_its_paragraph_falls_away(name: str, place: str, source: str, between: str) -> None:
    kind = KINDS[name]
    body = between.join(["Bonjour.", f"Voyez aussi : {{{place}}}", "Au revoir."])
    values: dict[str, Any] = kind.sample()
    told = [written(kind, "x", body, values | more, language="fr", zone="UTC") for more in ({}, {source: None}, {source: ""})]
    assert ["Voyez aussi" in one.text for one in told] == ["Voyez aussi" in one.html for one in told] == [True, False, False]
    assert all("Bonjour." in one.text and "Au revoir." in one.html for one in told)


def test_a_paragraph_that_says_more_keeps_the_rest_where_an_optional_place_is_empty() -> None:
    kind = KINDS["decision-inadmissible"]
    values = kind.sample() | {"redirect": None}
    body = "Motif : {reason}\nAutre dispositif : {redirect}\n\n{title} ({redirect})\n\n[Voir]({link})"
    letter = written(kind, "x", body, values, language="fr", zone="UTC")
    assert ("Motif : Il manque la lettre" in letter.text, "Autre dispositif" in letter.text) == (True, False)
    assert f"{values['title']} ()" in letter.text
    moved = KINDS["project-moved"]
    body = "{title} : {state}. {reason}\n[Histoire]({link})\nPour ne plus rien recevoir : {stop}"
    letter = written(moved, "x", body, moved.sample() | {"reason": "", "link": ""}, language="fr", zone="UTC")
    assert "Pour ne plus rien recevoir : http" in letter.text
    assert ("Histoire" in letter.text, str(moved.sample()["title"]) in letter.html) == (False, True)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if any(one.optional for one in kind.places)], ids=lambda kind: kind.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_in_the_words_to_start_from_an_optional_place_takes_nothing_else_along(kind: Kind, language: str) -> None:
    _, body = starting_point(kind, language)
    optional = {one.name for one in kind.places if one.optional}
    for part in body.split("\n\n"):
        if optional & {name for _, name, _, _ in Formatter().parse(part) if name}:
            assert all(line in {f"{{{name}}}" for name in optional} for line in part.splitlines()[1:]), part


def test_what_stands_in_a_place_is_never_taken_for_another_place() -> None:
    kind = KINDS["invitation"]
    values = kind.sample() | {"organisation": " ".join(f"QPx{number}xPQ" for number in range(9))}
    letter = written(kind, "x", "{organisation}\n\n[Accepter]({link})", values, language="fr", zone="UTC")
    assert letter.html.count("xxxx-xxxx-xxxx") == 1
