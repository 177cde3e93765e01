"""The pages of letters and appeals: for the two sides alone, nothing typed is lost, a late one is refused with both instants."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.permissions import Role
from app.editions.models import Edition
from app.ledger.models import Entry
from app.notifications.models import OutgoingMail
from app.printing import can_print
from app.proposals.models import Proposal
from app.review.appeals.forms import TermsForm
from app.review.appeals.service import set_terms
from app.review.letters.models import Letter
from tests.cast import Cast
from tests.conftest import Clock, skip_or_fail
from tests.polls.test_vetoing import veto
from tests.printing.test_printing import opened
from tests.review.test_appeals import PDF, Side

XSS = '"><script>alert(1)</script>'
TEXT = "Notre projet n'est pas une aide d'urgence."


@pytest.fixture
def side(cast: Cast) -> Side:
    return Side(cast)


def letter_of(side: Side) -> str:
    with side.unit() as unit:
        return unit.db.exec(select(Letter.public_id)).one()


def test_a_letter_opens_to_the_carrier_and_the_city_and_is_missing_to_everyone_else(client: TestClient, cast: Cast, side: Side) -> None:
    paths = [f"/letters/{letter_of(side)}", f"/letters/{letter_of(side)}/letter.pdf"] if can_print() else [f"/letters/{letter_of(side)}"]
    for path in paths:
        client.cookies.clear()
        assert client.get(path).headers["location"].startswith("/sign-in")
        for who in (side.claire, side.treasurer, side.other):
            cast.sign_in(client, who)
            answer = client.get(path)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "no-store"
        cast.sign_in(client, cast.person("autre@example.org", "Quelqu’un"))
        assert client.get(path).status_code == 404


def test_the_letter_says_what_the_law_asks_for(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.claire)
    page = client.get(f"/letters/{letter_of(side)}").text
    for words in ("rennes-2027-001-1", "Voies et délais de recours", "6 décembre 2026 inclus", "L. 311-3-1, L. 312-1-3 et R. 311-3-1-1",
                  "Non respectée", "Sophie Martin", "&lt;b&gt;d&#39;urgence&lt;/b&gt;"):  # fmt: skip
        assert words in page, words


def test_the_letter_speaks_of_a_judge_in_the_words_of_the_city_or_not_at_all(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.claire)
    first = client.get(f"/letters/{letter_of(side)}").text
    for words in ("tribunal", "juge ", "R. 421-1"):
        assert words not in first, words
    told = TermsForm(days=15, answer_days=30, court_months=2, court="Tribunal administratif de Rennes, 3 contour de la Motte")
    with side.unit() as unit:
        set_terms(unit, cast.edition(), told, by=side.other)
    second = side.city.refused("X02")
    cast.sign_in(client, side.other)
    with side.unit() as unit:
        letter = unit.db.exec(select(Letter.public_id).join(Proposal).where(Proposal.public_id == second)).one()
    said = "dans les 2 mois de sa réception\u00a0: Tribunal administratif de Rennes, 3 contour de la Motte"
    assert said in client.get(f"/letters/{letter}").text


def test_the_letter_as_pdf_is_tagged_and_in_the_language_of_the_file(client: TestClient, cast: Cast, side: Side) -> None:
    if not can_print():
        skip_or_fail("no Pango here")
    cast.sign_in(client, side.claire)
    said = opened(client.get(f"/letters/{letter_of(side)}/letter.pdf", headers={"Accept-Language": "en"}).content)
    assert b"pdfuaid:part" in said
    assert b"/Lang (fr)" in said
    assert b"/JavaScript" not in said


def test_the_page_of_the_file_leads_to_the_letter_and_to_the_appeal(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.claire)
    page = client.get(f"/files/{side.public_id}").text
    assert f"/letters/{letter_of(side)}" in page
    assert "jusqu’au 6 décembre 2026 inclus" in page, "the day that the letter says"
    assert f"/files/{side.public_id}/appeal" in page


def test_an_appeal_is_filed_with_a_document_and_acknowledged(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.claire)
    path = f"/files/{side.public_id}/appeal"
    answer = client.post(path, data={"text": TEXT, "then": "file"}, files={"file": ("preuve.pdf", PDF, "application/pdf")})
    assert answer.status_code == 303
    page = client.get(path).text
    assert "Votre recours est déposé" in page
    assert "21 décembre 2026" in page
    assert "Décision : votre dossier est irrecevable" in page.replace("\xa0", " ")
    assert "preuve.pdf" in page
    with side.unit() as unit:
        mine = select(OutgoingMail).where(OutgoingMail.name == "appeal-received", OutgoingMail.recipient == side.claire.email)
        mail = unit.db.exec(mine).one()
        assert "21 décembre 2026" in mail.body_text
    document = re.search(r"/appeal-documents/[0-9a-z]{26}", page)
    assert document is not None
    got = client.get(document[0])
    assert (got.content, got.headers["cache-control"]) == (PDF, "no-store")
    assert got.headers["content-disposition"].startswith("attachment")
    cast.sign_in(client, cast.person("autre@example.org", "Quelqu’un"))
    assert client.get(document[0]).status_code == 404
    assert client.get(path).status_code == 404
    assert client.post(path, data={"text": TEXT, "then": "file"}).status_code == 404


def test_a_bad_file_is_told_and_the_words_and_the_good_file_are_kept(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.claire)
    path = f"/files/{side.public_id}/appeal"
    answer = client.post(path, data={"text": TEXT, "then": "file"}, files={"file": ("page.html", b"<script>", "text/html")})
    assert answer.status_code == 422
    assert "pas une aide d" in answer.text
    assert "Votre recours est déposé" not in client.get(path).text
    answer = client.post(path, data={"text": "", "then": "file"}, files={"file": ("preuve.pdf", PDF, "application/pdf")})
    assert answer.status_code == 422
    assert 'id="f-text-error"' in answer.text
    assert "preuve.pdf" in client.get(path).text


@pytest.mark.parametrize("extra", ["filed_at", "outcome", "due_at"])
def test_a_field_that_is_not_on_the_form_is_refused(client: TestClient, cast: Cast, side: Side, extra: str) -> None:
    cast.sign_in(client, side.claire)
    assert client.post(f"/files/{side.public_id}/appeal", data={"text": TEXT, "then": "file", extra: "1"}).status_code == 422


def test_a_text_too_long_comes_back_whole(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.claire)
    answer = client.post(f"/files/{side.public_id}/appeal", data={"text": "à" * 8001, "then": "file"})
    assert answer.status_code == 422
    assert "à" * 8001 in answer.text


def test_a_late_appeal_is_refused_with_both_instants_kept_and_journalled(client: TestClient, cast: Cast, side: Side) -> None:
    cast.clock.now += timedelta(days=15, hours=14)
    cast.sign_in(client, side.claire)
    path = f"/files/{side.public_id}/appeal"
    answer = client.post(path, data={"text": TEXT, "then": "file"})
    assert answer.status_code == 409
    assert "7 décembre 2026 à 0\u00a0h" in answer.text
    assert "7 décembre 2026 à 1\u00a0h" in answer.text
    assert "pas une aide d" in client.get(path).text
    with side.unit() as unit:
        assert unit.db.exec(select(Entry.subject).where(Entry.event == "appeal:late")).all() == [side.public_id]


def test_an_officer_who_did_not_decide_upholds_it_and_the_project_page_says_so(client: TestClient, cast: Cast, side: Side) -> None:
    appeal = side.lodge()
    cast.sign_in(client, side.city.officer)
    assert "Vous avez pris la décision contestée" in client.get(f"/staff/appeals/{appeal}").text
    sent = {"outcome": "upheld", "motive": "Le plan est pluriannuel."}
    assert client.post(f"/staff/appeals/{appeal}/decision", data=sent).status_code == 403
    assert f"/staff/appeals/{appeal}" not in client.get("/staff").text, "nor is it their work"
    cast.sign_in(client, side.other)
    desk = client.get("/staff").text
    assert (f"/staff/appeals/{appeal}" in desk, "30 jours restants" in desk) == (True, True)
    assert "30 jours restants" in client.get("/staff/appeals").text
    empty = client.post(f"/staff/appeals/{appeal}/decision", data={"outcome": "", "motive": "Un motif déjà écrit"})
    assert empty.status_code == 422
    assert "Un motif déjà écrit" in empty.text
    assert client.post(f"/staff/appeals/{appeal}/decision", data=sent).status_code == 303
    assert f"/staff/appeals/{appeal}" not in client.get("/staff").text
    client.cookies.clear()
    page = client.get(f"/projects/{side.public_id}").text
    assert "Recours accueilli, par un autre agent instructeur de la ville" in page
    assert "Le plan est pluriannuel." in page
    assert TEXT not in page.replace("&#39;", "'")


@pytest.mark.parametrize("outcome", ["upheld", "rejected"])
def test_the_carrier_finds_its_appeal_and_the_answer_again(client: TestClient, cast: Cast, clock: Clock, side: Side, outcome: str) -> None:
    path, contest, see = f"/files/{side.public_id}", "Contester la décision", "Voir le recours"

    def offers() -> tuple[bool, bool]:
        text = client.get(path).text
        return contest in text, see in text

    cast.sign_in(client, side.claire)
    assert offers() == (True, False)
    at, clock.now = clock.now, clock.now + timedelta(days=60)
    cast.sign_in(client, side.claire)
    assert offers() == (False, False), "the time is over"
    clock.now = at
    appeal = side.lodge()
    cast.sign_in(client, side.claire)
    assert offers() == (False, True)
    side.decide(appeal, outcome, motive="Le plan est pluriannuel.")
    assert offers() == (False, True)
    page = client.get(f"{path}/appeal").text
    assert ("Le plan est pluriannuel." in page, TEXT in html.unescape(page)) == (True, True)
    assert "Aucune décision sur ce dossier ne peut être contestée" not in page


def test_who_examines_an_appeal_is_told_that_the_ballot_is_fixed_already(client: TestClient, cast: Cast, side: Side) -> None:
    appeal = side.lodge()
    cast.sign_in(client, side.other)
    told = "ne peut plus être soumis à ce vote"
    assert told not in client.get(f"/staff/appeals/{appeal}").text
    with side.unit() as unit:
        unit.db.get_one(Edition, side.proposal(unit).edition_id).frozen = True
    assert told in client.get(f"/staff/appeals/{appeal}").text


def test_a_paper_appeal_is_recorded_with_its_scan(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.other)
    path = f"/staff/reviews/{side.public_id}/paper-appeal"
    wrong = client.post(path, data={"text": "Une lettre recopiée", "received_on": ""})
    assert wrong.status_code == 422
    assert "Une lettre recopiée" in wrong.text
    scan = {"file": ("lettre.pdf", PDF, "application/pdf")}
    done = client.post(path, data={"text": "Une lettre recopiée", "received_on": "2026-11-21"}, files=scan)
    assert done.status_code == 303
    page = client.get(done.headers["location"]).text
    assert "lettre.pdf" in page
    assert "sur papier" in page


def test_the_terms_of_an_edition_are_set_on_a_page(client: TestClient, cast: Cast, side: Side) -> None:
    cast.sign_in(client, side.other)
    path = "/staff/editions/rennes-2027/appeal-terms"
    values = {"days": "20", "answer_days": "60", "court_months": "2", "court": "Tribunal administratif de Rennes", "address": "",
              "signatory": "Nadia Petit", "signatory_title": ""}  # fmt: skip
    wrong = client.post(path, data=values | {"days": "0"})
    assert wrong.status_code == 422
    assert "Nadia Petit" in wrong.text
    assert client.post(path, data=values).status_code == 303
    assert 'value="20"' in client.get(path).text


def test_a_payload_in_an_appeal_or_a_name_fires_nowhere(client: TestClient, cast: Cast, side: Side) -> None:
    """N01: the words of both sides, and who signs, in pages and e-mails."""
    cast.sign_in(client, side.other)
    values = {"days": "15", "answer_days": "30", "court_months": "2"} | dict.fromkeys(
        ("court", "address", "signatory", "signatory_title"), XSS
    )
    client.post("/staff/editions/rennes-2027/appeal-terms", data=values)
    cast.sign_in(client, side.claire)
    client.post(f"/files/{side.public_id}/appeal", data={"text": XSS, "then": "file"})
    cast.sign_in(client, side.other)
    found = re.search(r"/staff/appeals/[0-9a-z]{26}", client.get("/staff/appeals").text)
    assert found is not None
    client.post(f"{found[0]}/decision", data={"outcome": "rejected", "motive": XSS})
    with side.unit() as unit:
        letters = [f"/letters/{one}" for one in unit.db.exec(select(Letter.public_id))]
        mails = list(unit.db.exec(select(OutgoingMail.body_html)))
    paths = (found[0], "/staff/appeals", f"/projects/{side.public_id}", f"/staff/reviews/{side.public_id}", "/staff/journal", *letters)
    texts = [client.get(path).text for path in paths] + mails
    assert sum("&lt;script&gt;" in one for one in texts) >= 4
    assert not any("<script>alert" in one for one in texts)


def test_a_refusal_that_an_appeal_overturned_is_never_shown_as_the_reason_again(client: TestClient, cast: Cast, side: Side) -> None:
    refused, listed = "Pourquoi ce projet a été refusé", "/editions/rennes-2027/projects?order=1&shown=refused"

    def told() -> dict[str, Any]:
        found: dict[str, Any] = client.get(f"/api/v1/projects/{side.public_id}").json()["decision"]
        return found

    assert refused in client.get(f"/projects/{side.public_id}").text
    assert (told()["outcome"], told()["stands"]) == ("inadmissible", True)
    side.decide(side.lodge(), "upheld")
    page = client.get(f"/projects/{side.public_id}").text
    assert (refused in page, f"/shortlist?p={side.public_id}" in page) == (False, True)
    assert (told()["outcome"], told()["stands"]) == ("inadmissible", False)
    two = [cast.official(Role.PUBLISHER, email=f"p{number}@example.org", name=f"P{number}") for number in (1, 2)]
    with side.unit() as unit:
        project = side.proposal(unit)
        project.state = "on_ballot"
        unit.db.add(project)
        veto(unit, unit.db.get_one(Edition, project.edition_id), project, (two[0], two[1]))
    assert not told()["stands"]
    page = client.get(f"/projects/{side.public_id}").text
    assert (refused in page, "Dissoute le 2 mars." in page, f"/shortlist?p={side.public_id}" in page) == (False, True, False)
    cards = client.get(listed).text
    assert ("Dissoute le 2 mars." in cards, "relève de l" in cards) == (True, False)
