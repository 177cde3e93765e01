"""The partner's page: by its link alone, in its language, known to no log, no cache and no other site."""

import io
import logging
import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.accounts.models import Account
from app.notifications.models import OutgoingMail
from app.pages import partner as pages
from app.proposals import partner
from app.proposals.models import Document, Proposal
from app.proposals.partner_models import PartnerAnswer, PartnerLink
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.proposals.partners import CONTACT, all_of, invited, secret_in

SCRIPT = "<script>alert(1)</script>"
HARM = (SCRIPT, "[x](javascript:alert(1))", '"><img src=x onerror=alert(1)>', "{{7*7}}%(x)s", "<b hx-get='/'>x</b>")
UNSAFE = re.compile(r"""<script>alert|href=["']?\s*javascript:|<img src=x|<b hx-get""", re.IGNORECASE)


def rows(cast: Cast, table: type) -> list:  # type: ignore[type-arg]
    with work(cast.engine, now=cast.clock.now) as unit:
        return all_of(unit, table)


def opened(client: TestClient, secret: str) -> str:
    """The whole page, once opened by its button."""
    assert client.post(f"/partner/{secret}/opening", data={}).status_code == 303
    return client.get(f"/partner/{secret}").text


def signature(page: str, **more: str) -> dict[str, str]:
    found = re.search(r'name="letter" value="(\w{64})"', page)
    assert found is not None
    return {"name": "Ana Quispe", "function": "Presidenta", "agree": "yes", "letter": found[1]} | more


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 30), "teal").save(out, kind)
    return out.getvalue()


def test_a_partner_reads_signs_and_sends_a_photo_without_any_account(client: TestClient, cast: Cast) -> None:
    secret = invited(cast, language="es")
    client.cookies.clear()
    welcome = client.get(f"/partner/{secret}")
    assert '<html lang="es"' in welcome.text
    assert rows(cast, PartnerLink)[0].opened_at is None, "reading changes nothing"
    page = opened(client, secret)
    for said in ("Un forage solaire", "Suivi du chantier", "12.000", "Ker Teranga Rennes", "Comité de gestion"):
        assert said in page, said
    answer = client.post(f"/partner/{secret}/signature", data=signature(page, statement="Yaku kawsay", statement_language="qu"))
    assert answer.status_code == 303
    assert "Usted firmó la carta" in client.get(answer.headers["location"]).text
    sent = client.post(f"/partner/{secret}/photos", data={"alt": "Un pozo", "consent": "yes"}, files={"file": ("pozo.png", picture())})
    assert sent.status_code == 303
    (document,) = rows(cast, Document)
    address = f"/partner/{secret}/photos/{document.public_id}"
    assert f'<img src="{address}/small" alt="Un pozo"' in client.get(f"/partner/{secret}").text
    for photo in (client.get(address), client.get(f"{address}/small")):
        assert (photo.status_code, photo.headers["Cache-Control"], photo.headers["Content-Type"]) == (200, "no-store", "image/webp")
        assert "sandbox" in photo.headers["Content-Security-Policy"]
    assert client.get(f"/documents/{document.public_id}", follow_redirects=False).status_code != 200
    assert client.get(f"/published/{document.public_id}").status_code == 404, "the project has no public page yet"
    other = invited(cast, email="otra@example.org")
    for mine in (address, f"{address}/small"):
        assert client.get(mine.replace(secret, other)).status_code == 404, "another link opens another file"
    assert (document.alt, document.from_partner, document.media_type) == ("Un pozo", True, "image/webp")
    assert [one.statement_language for one in rows(cast, PartnerAnswer)] == ["qu"]
    assert len(rows(cast, Account)) == 1
    assert not client.cookies


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_page_speaks_the_language_asked_and_any_of_the_three(client: TestClient, cast: Cast, language: str) -> None:
    secret = invited(cast, language=language)
    assert f'<html lang="{language}"' in client.get(f"/partner/{secret}").text
    for other in ("fr", "en", "es"):
        assert f'<html lang="{other}"' in client.get(f"/partner/{secret}?lang={other}").text
    assert f'<html lang="{language}"' in client.get(f"/partner/{secret}?lang=xx").text


def test_every_answer_forbids_caches_referers_and_search_engines(client: TestClient, cast: Cast, clock: Clock) -> None:
    secret = invited(cast)
    answers = [client.get(f"/partner/{secret}"), client.post(f"/partner/{secret}/opening", data={}), client.get("/partner/none")]
    answers += [client.post(f"/partner/{secret}/{act}", data={}) for act in ("signature", "refusal", "statement", "photos")]
    clock.now += timedelta(days=60)
    answers.append(client.get(f"/partner/{secret}"))
    assert {answer.status_code for answer in answers} <= {200, 303, 404, 409, 422}
    for answer in answers:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "set-cookie" not in answer.headers


def test_links_that_do_not_open_say_why_in_the_language_of_who_comes(client: TestClient, cast: Cast, clock: Clock) -> None:
    secret = invited(cast)
    wrong = client.get("/partner/0000", headers={"Accept-Language": "es-PE,es;q=0.9"})
    assert (wrong.status_code, "incompleto o nunca se envió" in wrong.text) == (404, True)
    clock.now += partner.LASTS
    late = client.get(f"/partner/{secret}?lang=en")
    assert (late.status_code, "This link ended on" in late.text, "Ker Teranga" in late.text) == (404, True, True)
    for act in ("opening", "signature", "refusal", "statement", "photos"):
        assert client.post(f"/partner/{secret}/{act}", data={"name": "x"}).status_code == 404
    assert rows(cast, PartnerAnswer) == []


def test_a_letter_is_not_signed_while_the_box_is_left_alone(client: TestClient, cast: Cast) -> None:
    secret = invited(cast, language="fr")
    sent = signature(opened(client, secret))
    del sent["agree"]  # a browser sends nothing for a box that is not ticked
    answer = client.post(f"/partner/{secret}/signature", data=sent)
    assert (answer.status_code, 'href="#f-agree"' in answer.text) == (422, True)
    assert rows(cast, PartnerAnswer) == []


def test_a_letter_that_changed_meanwhile_is_shown_anew_with_all_that_was_typed(client: TestClient, cast: Cast) -> None:
    secret = invited(cast, language="es")
    sent = signature(opened(client, secret), statement="Yaku kawsay")
    with work(cast.engine, now=cast.clock.now) as unit:
        all_of(unit, Proposal)[0].requested_cents = 9_999_00
    answer = client.post(f"/partner/{secret}/signature", data=sent)
    assert (answer.status_code, "Yaku kawsay" in answer.text, 'value="Ana Quispe"' in answer.text) == (409, True, True)
    assert signature(answer.text)["letter"] != sent["letter"], "the letter as it is now, to be signed on the same page"
    assert not re.search(r'name="agree"[^>]*checked', answer.text), "and ticked anew"
    assert rows(cast, PartnerAnswer) == []


def test_a_letter_that_the_file_has_left_behind_is_said_to_be_so_and_can_be_signed_again(client: TestClient, cast: Cast) -> None:
    secret = invited(cast, language="es")
    client.post(f"/partner/{secret}/signature", data=signature(opened(client, secret), statement="Yaku kawsay", statement_language="qu"))
    claire, id = cast.person(), rows(cast, Proposal)[0].public_id
    pages = (f"/files/{id}/partner-link", f"/files/{id}/file.html")

    def told() -> list[bool]:
        cast.sign_in(client, claire)
        found = ["Le dossier a changé depuis la signature" in client.get(path).text for path in pages]
        client.cookies.clear()
        return [*found, "El expediente ha cambiado desde su firma" in client.get(f"/partner/{secret}").text]

    assert told() == [False] * 3
    with work(cast.engine, now=cast.clock.now) as unit:
        all_of(unit, Proposal)[0].summary = "Another word in it, which the letter does not quote."
    assert told() == [False] * 3
    with work(cast.engine, now=cast.clock.now) as unit:
        all_of(unit, Proposal)[0].requested_cents = 9_999_00
    assert told() == [True] * 3
    page = client.get(f"/partner/{secret}").text
    assert "Yaku kawsay" in page, "the words for the residents are not typed again"
    assert page.count('id="f-statement"') == 1
    assert client.post(f"/partner/{secret}/signature", data=signature(page, statement="Yaku kawsay")).status_code == 303
    assert told() == [False] * 3
    assert ["12.000" in one.letter for one in rows(cast, PartnerAnswer)] == [True, False]
    assert ["9.999" in one.letter for one in rows(cast, PartnerAnswer)] == [False, True]


def test_a_fault_is_told_at_its_field_and_all_that_was_typed_is_kept(client: TestClient, cast: Cast) -> None:
    secret = invited(cast, language="fr")
    page = opened(client, secret)
    answer = client.post(f"/partner/{secret}/signature", data=signature(page, agree="", function="", statement="Mes mots à moi"))
    assert answer.status_code == 422
    assert 'href="#f-agree"' in answer.text
    assert 'href="#f-function"' in answer.text
    assert "Mes mots à moi" in answer.text
    assert 'value="Ana Quispe"' in answer.text
    for act, data in (("refusal", {"reason": ""}), ("photos", {"alt": ""})):
        assert client.post(f"/partner/{secret}/{act}", data=data).status_code == 422
    assert rows(cast, PartnerAnswer) == []


def test_what_a_partner_writes_is_never_markup_anywhere(client: TestClient, cast: Cast) -> None:
    """N03: names, functions, statements, reasons, file names and alternative texts."""
    claire = cast.person()
    proposal = cast.submitted(claire, partner={"partner_role": SCRIPT, "partner_name": f"Comité {SCRIPT}"})
    for harm in HARM:
        secret = invited(cast, proposal, email=f"a{len(rows(cast, PartnerLink))}@example.org")
        page = opened(client, secret)
        told = {"name": harm, "function": harm, "statement": harm, "statement_language": "es"}
        assert client.post(f"/partner/{secret}/signature", data=signature(page, **told)).status_code == 303
        picture_of_it = Image.new("RGB", (20, 10 + len(rows(cast, Document))))
        out = io.BytesIO()
        picture_of_it.save(out, "JPEG")
        sent = client.post(
            f"/partner/{secret}/photos", data={"alt": harm, "consent": "yes"}, files={"file": (f"{harm}.jpg", out.getvalue())}
        )
        assert sent.status_code == 303
        seen = [client.get(f"/partner/{secret}")]
        cast.sign_in(client, claire)
        path = f"/files/{proposal.public_id}"
        seen += [client.get(path + page) for page in ("/partner-link", "/documents", "/file.html", "")]
        with work(cast.engine, now=cast.clock.now) as unit:
            unit.db.get_one(Proposal, proposal.id).state = "admissible"
        seen.append(client.get(f"/projects/{proposal.public_id}"))
        with work(cast.engine, now=cast.clock.now) as unit:
            unit.db.get_one(Proposal, proposal.id).state = "submitted"
        client.cookies.clear()
        assert client.post(f"/partner/{secret}/refusal", data={"reason": harm}).status_code == 303
        seen.append(client.get(f"/partner/{secret}"))
        assert {answer.status_code for answer in seen} == {200}
        assert [answer.url for answer in seen if UNSAFE.search(answer.text)] == []
    assert [one.subject for one in rows(cast, OutgoingMail) if UNSAFE.search(one.body_html)] == []


def test_the_secret_is_in_no_log_even_when_something_breaks(
    client: TestClient, cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invited(cast)
    caplog.set_level(logging.DEBUG, logger="quotepart")
    client.get(f"/partner/{secret}")
    client.get("/partner/wrong")

    def broken(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(pages, "standing_of", broken)
    with pytest.raises(RuntimeError):
        client.get(f"/partner/{secret}")
    assert "unforeseen error on GET" in caplog.text
    assert all(secret not in record.getMessage() for record in caplog.records)


def test_sending_is_counted_by_link_and_by_network(client: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = invited(cast)
    monkeypatch.setitem(pages.TRIES, "account", pages.Limit(3, pages.HOUR))
    statuses = [client.post(f"/partner/{secret}/refusal", data={"reason": ""}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 429, 429]
    assert client.get(f"/partner/{secret}").status_code == 200
    assert client.post(f"/partner/{secret[::-1]}/refusal", data={}).status_code == 404


def test_the_carrier_sees_each_step_and_can_withdraw_the_link(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    cast.sign_in(client, claire)
    path = f"/files/{cast.draft(claire).public_id}/partner-link"
    assert "Pas encore envoyé" in client.get(path).text
    wrong = client.post(path, data=CONTACT | {"email": "x", "language": "es"})
    assert (wrong.status_code, 'value="Ana Quispe"' in wrong.text) == (422, True)
    assert client.post(path, data=CONTACT | {"language": "es"}).status_code == 303
    secret = secret_in(cast)
    assert "ana@example.org" in client.get(path).text
    page = opened(client, secret)
    assert "Ouvert" in client.get(path).text
    client.post(f"/partner/{secret}/signature", data=signature(page))
    seen = client.get(path).text
    assert "Lettre signée" in seen
    assert "Nosotros, Comité" in seen
    assert secret not in seen
    assert client.post(f"{path}/revocation").status_code == 303
    assert client.get(f"/partner/{secret}").status_code == 404
    assert client.post(f"{path}/resending").status_code == 303
    assert client.get(f"/partner/{secret_in(cast)}").status_code == 200


def test_a_stranger_and_a_visitor_never_reach_the_carrier_s_side(client: TestClient, cast: Cast) -> None:
    path = f"/files/{cast.draft(cast.person()).public_id}/partner-link"
    assert client.get(path).headers["location"].startswith("/sign-in")
    leo = cast.person("leo@example.org", "Léo")
    cast.organisation(leo, name="Autre")
    cast.sign_in(client, leo)
    assert client.get(path).status_code == 404
    for act in ("", "/resending", "/revocation"):
        assert client.post(path + act, data=CONTACT | {"language": "es"}).status_code == 404
    assert rows(cast, PartnerLink) == []


def test_the_danger_of_the_partner_hides_its_name_on_the_public_page(
    client: TestClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = cast.submitted(cast.person())
    secret = invited(cast, proposal)
    page = opened(client, secret)
    client.post(f"/partner/{secret}/signature", data=signature(page, statement="Gracias a Rennes", statement_language="es"))
    client.post(f"/partner/{secret}/photos", data={"alt": "Un pozo", "consent": "yes"}, files={"file": ("p.png", picture())})
    with work(cast.engine, now=cast.clock.now) as unit:
        unit.db.get_one(Proposal, proposal.id).state = "admissible"
    shown = client.get(f"/projects/{proposal.public_id}").text
    assert 'alt="Un pozo"' in shown
    assert 'loading="lazy"' in shown
    assert 'lang="es">' in shown
    assert "Ana Quispe" not in shown, "who signed is for the carrier and the city"
    monkeypatch.setattr("app.proposals.queries.is_guarded", lambda _: True)
    monkeypatch.setattr("app.proposals.partner_queries.is_guarded", lambda _: True)
    cast.clock.now += timedelta(minutes=1)
    guarded = client.get(f"/projects/{proposal.public_id}").text
    assert 'alt="Un pozo"' not in guarded
    assert "Gracias a Rennes" in guarded
