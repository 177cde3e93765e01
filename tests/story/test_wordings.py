"""Staff change the words of messages: places and nothing that runs, links to this site alone, a way back, and a test to oneself."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from sqlmodel import select

from app.core.messages import say
from app.core.permissions import Role
from app.notifications import service
from app.notifications.kinds import GROUPS, KINDS
from app.notifications.models import MailWording, OutgoingMail
from app.notifications.places import News
from app.notifications.wording import faults, missing, starting_point, usual, written
from app.rendering import LANGUAGES
from app.settings import ROOT
from app.unit import work
from tests.cast import Cast
from tests.conftest import NOW

PAGE = "/staff/messages/decision-incomplete/fr"
GOOD = {"subject": "À compléter : {title}", "body": "Bonjour,\n\n{reason}\n\nAvant {deadline}.\n\n[Ouvrir le dossier]({link})"}
VALUES: dict[str, Any] = {
    "title": "Un puits", "file_number": 3, "public_id": "k7m2p9x4qa", "edition": "Édition 2027", "reason": "Il manque la lettre.",
    "deadline": "mardi", "decided": "", "redirect": None, "letter": "n4w8r2c6",
}  # fmt: skip


@pytest.fixture
def publisher(client: TestClient, cast: Cast) -> TestClient:
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    return client


def sent(engine: Engine, language: str = "fr", **more: Any) -> OutgoingMail:
    with work(engine, now=NOW) as unit:
        service.queue(unit, "decision-incomplete", "claire@example.org", language, VALUES | more)
    with work(engine, writing=False) as unit:
        return unit.db.exec(select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()  # type: ignore[union-attr,return-value]


def save(client: TestClient, action: str = "save", **words: str) -> Any:
    return client.post(PAGE, data=GOOD | words | {"action": action})


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_usual_text_with_its_places_says_what_the_templates_say(name: str, language: str) -> None:
    kind = KINDS[name]
    subject, body = starting_point(kind, language)
    assert (faults(kind, subject, body), missing(kind, body)) == ({}, [])
    mine = written(kind, subject, body, kind.sample(), language=language, zone="Europe/Paris")
    theirs = usual(name, kind.sample(), language=language, zone="Europe/Paris")
    assert (mine.subject, mine.text.split()) == (theirs.subject, theirs.text.split())


def test_news_lead_to_their_projects_and_what_carriers_wrote_there_is_words() -> None:
    kind = KINDS["edition-news"]
    news = [News("<b>Un puits</b> {stop}", say("Admissible"), "http://127.0.0.1:8000/projects/k7m2p9x4qa/history")]
    values = kind.sample() | {"news": news}
    letter = written(kind, "Quoi de neuf", "Voici :\n\n{news}\n\n[Ne plus rien recevoir]({stop})", values, language="en", zone="UTC")
    assert "- <b>Un puits</b> {stop}: Admissible\n  http://127.0.0.1:8000/projects/k7m2p9x4qa/history" in letter.text
    shown = '<a href="http://127.0.0.1:8000/projects/k7m2p9x4qa/history" dir="auto">&lt;b&gt;Un puits&lt;/b&gt; {stop}</a>: Admissible'
    assert shown in letter.html


def test_every_message_whose_words_can_be_changed_has_its_templates() -> None:
    assert all((ROOT / "templates" / "emails" / name).is_dir() for name in KINDS)


def test_the_citys_words_are_sent_in_their_language_and_the_usual_ones_in_the_others(publisher: TestClient, engine: Engine) -> None:
    assert save(publisher).status_code == 303
    french, english = sent(engine), sent(engine, "en")
    assert french.subject == "À compléter : Un puits"
    assert "Avant mardi." in french.body_text
    assert "Ouvrir le dossier http://127.0.0.1:8000/files/k7m2p9x4qa" in french.body_text
    assert '<a href="http://127.0.0.1:8000/files/k7m2p9x4qa"' in french.body_html
    assert english.subject == "Your file no. 3 must be completed"
    page = publisher.get("/staff/messages").text
    assert page.count("Votre texte") == 1


def test_what_a_carrier_wrote_is_words_in_the_citys_message(publisher: TestClient, engine: Engine) -> None:
    """N01: neither HTML, nor Markdown, nor a place, nor a template in what stands in a place."""
    save(publisher)
    mail = sent(engine, title="<canary>{{7*1913}}", reason="[ici](https://evil.example) {deadline} <script>x</script>\n**gras**")
    assert "<canary>" not in mail.body_html + mail.subject.replace("<canary>", "", 1)
    assert "<script>" not in mail.body_html
    assert "evil.example" not in "".join(part.partition('"')[0] for part in mail.body_html.split('href="')[1:])
    assert "{deadline}" in mail.body_text
    assert "13391" not in mail.body_html
    assert "<strong>gras" not in mail.body_html


@pytest.mark.parametrize(
    "words",
    [
        {"body": "{reason} {deadline} {nowhere} {link}"},
        {"subject": "{password}"},
        {"body": "{reason} [ici](https://evil.example)"},
        {"body": "{reason} https://evil.example/x"},
        {"body": "{reason} [ici](javascript:alert(1))"},
        {"body": "{reason} [ici]({title})"},
        {"body": "{reason} [ici](http://127.0.0.1:8000.evil.example/)"},
        {"body": "{reason} www.evil.example"},
        {"body": ""},
        {"subject": "Deux\nlignes"},
    ],
)
def test_a_wrong_text_is_refused_at_its_field_and_kept(publisher: TestClient, engine: Engine, words: dict[str, str]) -> None:
    answer = save(publisher, **words)
    assert answer.status_code == 422
    field = next(iter(words))
    assert f'id="f-{field}-error"' in answer.text
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(MailWording)).all() == []


def test_what_slipped_into_the_database_still_leads_nowhere_else() -> None:
    kind = KINDS["decision-incomplete"]
    body, values = "[a](https://evil.example) [b]({title}) <img src=x>", VALUES | {"title": "javascript:x"}
    letter = written(kind, "x", body, values, language="fr", zone="UTC")
    assert "evil.example" not in letter.html
    assert 'href="javascript' not in letter.html
    assert "<img" not in letter.html


def test_no_template_is_run() -> None:
    kind = KINDS["decision-incomplete"]
    letter = written(kind, "{{ 7*1913 }}{% x %}", "{{ settings }} {title.__class__} {0} {", VALUES, language="fr", zone="UTC")
    assert letter.subject == "{{ 7*1913 }}{% x %}"
    assert "{title.__class__} {0} {" in letter.text


def test_what_readers_need_and_is_left_out_is_warned_of_but_not_refused(publisher: TestClient) -> None:
    answer = save(publisher, "preview", body="Complétez votre dossier.")
    assert answer.status_code == 200
    for name in ("reason", "deadline", "link"):
        assert f"Il manque {{{name}}}" in answer.text


def test_a_preview_and_a_test_change_nothing_and_the_test_goes_to_oneself_alone(publisher: TestClient, engine: Engine) -> None:
    assert "Il manque la lettre du partenaire." in save(publisher, "preview").text
    assert "sophie@example.org" in save(publisher, "test").text
    with work(engine, writing=False) as unit:
        assert unit.db.exec(select(MailWording)).all() == []
        assert [(one.recipient, one.subject) for one in unit.db.exec(select(OutgoingMail))] == [
            ("sophie@example.org", "À compléter : Un forage solaire pour trois villages")
        ]


def test_earlier_words_are_kept_with_their_author_and_the_usual_ones_come_back(publisher: TestClient, engine: Engine) -> None:
    save(publisher)
    save(publisher, subject="Deuxième version")
    assert publisher.post(f"{PAGE}/reset").status_code == 303
    assert sent(engine).subject == "Votre dossier n° 3 est à compléter"
    page = publisher.get(PAGE).text
    assert "Deuxième version" in page
    assert "Sophie Martin" in page
    assert "retour au texte habituel" in page


def test_the_list_is_short_closed_and_opens_at_the_message_one_comes_from(publisher: TestClient) -> None:
    save(publisher)
    page = publisher.get("/staff/messages").text
    assert (page.count("fold wordings\""), page.count(" open>")) == (len(GROUPS), 0)
    assert page.count('href="/staff/messages/') - page.count('href="/staff/messages/undelivered"') == len(KINDS)
    back = re.search(r'class="back" href="([^"]+)"', publisher.get(PAGE).text)
    assert back is not None
    assert back[1] == "/staff/messages?about=decision-incomplete#decision-incomplete"
    came_back = publisher.get(back[1]).text
    opened = came_back[came_back.index(" open>") :].partition("</details>")[0]
    assert came_back.count(" open>") == 1
    assert 'id="decision-incomplete"' in opened
    assert "Votre texte" in opened
    assert publisher.get("/staff/messages?about=nowhere").status_code == 200


def test_the_other_languages_of_a_message_are_one_step_away(publisher: TestClient) -> None:
    save(publisher)
    page = publisher.get("/staff/messages/decision-incomplete/es").text
    for language in LANGUAGES:
        assert f'href="/staff/messages/decision-incomplete/{language}"' in page
    assert "Français – Votre texte" in page
    partner = publisher.get("/staff/messages/partner-invitation/es").text
    assert [one for one in LANGUAGES if f'href="/staff/messages/partner-invitation/{one}"' in partner] == ["fr", "en", "es"]


def test_only_those_who_may_change_words(client: TestClient, cast: Cast) -> None:
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    assert [client.get("/staff/messages").status_code, client.get(PAGE).status_code, save(client).status_code] == [403] * 3
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    for path in ("/staff/messages/no-such/fr", "/staff/messages/decision-incomplete/xx"):
        assert client.get(path).status_code == 404
