"""Pages of a file: nothing typed is lost, nothing foreign is seen, nothing unexpected is taken."""

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, event

from tests.cast import Cast
from tests.conftest import Clock
from tests.files import as_sent, complete_answers

SCRIPT = "<script>alert(1)</script>"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PAGES = (
    "project", "need", "beneficiaries", "place", "partner", "calendar", "activities", "theme", "markers", "indicators", "risks", "budget",
    "feedback", "sustainability", "declarations",
)


@pytest.fixture
def path(client: TestClient, cast: Cast) -> str:
    """The address of an empty draft of Claire's, who is signed in."""
    claire = cast.person()
    cast.sign_in(client, claire)
    return f"/files/{cast.draft(claire, complete=False).public_id}"


def test_an_ill_formed_answer_is_told_and_everything_typed_kept(client: TestClient, path: str) -> None:
    sent = {"seen": "0", "beneficiaries": "beaucoup", "beneficiaries_who": "Trois villages", "women_0_14": "120"}
    answer = client.post(f"{path}/beneficiaries", data=sent)
    assert answer.status_code == 422
    assert 'href="#f-beneficiaries"' in answer.text
    assert all(typed in answer.text for typed in ("120", "beaucoup", "Trois villages"))
    assert "Trois villages" not in client.get(f"{path}/beneficiaries").text


def test_a_fault_in_a_budget_line_stands_at_that_line(client: TestClient, path: str) -> None:
    first = {"charges-0-account": "60", "charges-0-amount": "12"}
    later = {"charges-4-account": "", "charges-4-label": "Taxi", "charges-4-amount": "dix"}
    answer = client.post(f"{path}/budget", data={"seen": "0", "requested": "1 000"} | first | later)
    assert answer.status_code == 422
    assert 'id="f-charges-1-amount-error"' in answer.text
    assert "Charges, ligne 2" in answer.text
    assert 'value="dix"' in answer.text
    assert 'value="Taxi"' in answer.text


@pytest.mark.parametrize("section", PAGES)
def test_a_field_that_no_page_has_is_refused(client: TestClient, path: str, section: str) -> None:
    assert client.post(f"{path}/{section}", data={"seen": "0", "state": "admissible"}).status_code == 422
    assert client.post(f"{path}/{section}", data={"seen": "0", "id": "1", "organisation_id": "2"}).status_code == 422
    assert "Brouillon" in client.get(path).text


def test_a_file_of_another_carrier_is_a_404_on_every_address(client: TestClient, cast: Cast, path: str) -> None:
    leo = cast.person("leo@example.org", "Léo")
    cast.organisation(leo, name="Autre")
    cast.sign_in(client, leo)
    for page in ("", "/submission", "/withdrawal", "/documents", *(f"/{section}" for section in PAGES)):
        assert client.get(path + page).status_code == 404, page
    for act in ("submission", "completion", "withdrawal", "documents", "budget/balance", "budget/lines", *PAGES):
        assert client.post(f"{path}/{act}", data={"seen": "0"}).status_code == 404, act


def test_a_visitor_is_sent_to_sign_in(client: TestClient, path: str) -> None:
    client.cookies.clear()
    for address in ("/files", path, f"{path}/project", "/documents/x"):
        answer = client.get(address)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


def test_a_later_save_shows_both_versions_and_either_can_be_kept(client: TestClient, path: str) -> None:
    assert client.post(f"{path}/place", data={"seen": "0", "country": "SN", "place": "Matam"}).status_code == 303
    answer = client.post(f"{path}/place", data={"seen": "0", "country": "ML", "place": "Kayes"})
    assert answer.status_code == 409
    assert all(word in answer.text for word in ("Sénégal", "Mali", "Matam", "Kayes"))
    hidden = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', answer.text[answer.text.index(f'action="{path}/place"') :]))
    assert client.post(f"{path}/place", data=hidden).status_code == 303
    assert "Kayes" in client.get(f"{path}/place").text


def test_what_people_write_is_never_markup(client: TestClient, path: str) -> None:
    client.post(f"{path}/project", data={"seen": "0", "title": SCRIPT, "summary": SCRIPT, "description": SCRIPT})
    client.post(f"{path}/activities", data={"seen": "0", "activities-0-label": SCRIPT})
    client.post(f"{path}/budget", data={"seen": "0", "charges-0-account": "60", "charges-0-label": SCRIPT, "charges-0-amount": "1"})
    for page in ("", "/project", "/budget", "/submission", "/documents", "/withdrawal"):
        text = client.get(path + page).text
        assert SCRIPT not in text, page
    assert SCRIPT not in client.get("/files").text


def test_the_balance_is_computed_from_unsaved_fields_and_nothing_is_kept(client: TestClient, path: str) -> None:
    charge = {"charges-0-account": "60", "charges-0-amount": "1 000"}
    product = {"products-0-account": "758", "products-0-amount": "x"}
    answer = client.post(f"{path}/budget/balance", data={"requested": "700"} | charge | product, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="balance"')
    assert "70\u202f%" in answer.text
    assert "illisible" in answer.text
    assert "1 000" not in client.get(f"{path}/budget").text


def test_more_lines_come_with_all_that_was_typed(client: TestClient, path: str) -> None:
    answer = client.post(f"{path}/budget/lines", data={"seen": "0", "charges-0-account": "60", "charges-0-amount": "dix", "add": "charges"})
    assert answer.status_code == 200
    assert 'value="dix"' in answer.text
    assert 'name="charges-4-amount"' in answer.text
    assert 'name="charges-5-amount"' not in answer.text


def test_a_broken_rule_warns_on_its_page_and_never_blocks(client: TestClient, path: str) -> None:
    saved = client.post(f"{path}/place", data={"seen": "0", "country": "FR", "then": "stay"})
    assert saved.headers["location"] == f"{path}/place?done=saved"
    assert "Enregistré, mais une règle n’est pas respectée" in client.get(f"{path}/place").text


def test_the_meter_counts_in_the_singular_and_no_declaration_is_called_optional(client: TestClient, path: str) -> None:
    client.post(f"{path}/calendar", data={"seen": "0", "starts_on": "2027-10-01", "duration_months": "12"})
    assert not re.search(r"\b[01] pages (obligatoires|facultatives)", client.get(path).text)
    assert "(facultatif)" not in client.get(f"{path}/declarations").text


def test_the_parts_of_a_foreign_cost_are_shown_as_the_language_writes_numbers(client: TestClient, path: str) -> None:
    rate = {"rate": "655,957", "rate_on": "2026-10-10", "rate_source": "BCE"}
    cost = {"account": "625", "label": "Mission", "currency": "XOF", "foreign_millis": "2 295 849,5"} | rate
    sent = {f"charges-0-{name}": value for name, value in cost.items()}
    assert client.post(f"{path}/budget", data=sent | {"seen": "0", "then": "stay"}).status_code == 303
    text = client.get(f"{path}/budget").text
    assert ('value="655,957"' in text, 'value="2295849,5"' in text) == (True, True)


def test_submitting_an_unfinished_draft_says_what_is_needed_and_links_to_it(client: TestClient, path: str) -> None:
    answer = client.post(f"{path}/submission")
    assert answer.status_code == 422
    assert f'href="{path}/project#f-title"' in answer.text


def test_one_second_late_the_draft_is_kept_and_the_page_says_so(client: TestClient, cast: Cast, clock: Clock) -> None:
    claire = cast.person()
    path = f"/files/{cast.draft(claire).public_id}"
    clock.now += timedelta(days=71)
    clock.now = clock.now.replace(hour=23, minute=0, second=1)
    cast.sign_in(client, claire)
    answer = client.post(f"{path}/submission")
    assert answer.status_code == 409
    assert "Trop tard" in answer.text
    assert ":01" in answer.text
    assert "Un forage solaire" in client.get(path).text


def test_a_submitted_file_shows_where_it_stands_and_is_no_longer_changed(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    path = f"/files/{cast.submitted(claire).public_id}"
    cast.sign_in(client, claire)
    assert "Dossier n°\u00a01" in client.get(path).text
    assert client.get(f"{path}/project").status_code == 403
    assert client.post(f"{path}/project", data={"seen": "1", "title": "Autre"}).status_code == 403
    assert client.post(f"{path}/submission").status_code == 303
    assert client.post(f"{path}/withdrawal", data={"reason": "x" * 2001}).status_code == 422
    assert client.post(f"{path}/withdrawal", data={"reason": "Renoncement"}).status_code == 303
    assert "Retiré" in client.get(path).text


def test_an_unknown_page_of_a_file_is_a_404(client: TestClient, path: str) -> None:
    for page in ("identity", "review", "documents2", "budget/x"):
        assert client.get(f"{path}/{page}").status_code == 404, page


def test_a_deadline_at_midnight_is_said_as_the_last_day(client: TestClient, cast: Cast, path: str) -> None:
    for address in ("/files", path, f"{path}/submission"):
        text = client.get(address).text
        assert "31 janvier 2027 inclus" in text, address
        assert "0\u00a0h" not in text, address


def test_a_file_too_large_leads_back_to_its_form(client: TestClient, path: str) -> None:
    sent = {"Content-Length": "99000000", "Referer": f"http://127.0.0.1:8000{path}/documents", "Content-Type": "multipart/form-data"}
    answer = client.post(f"{path}/documents", content=b"x", headers=sent)
    assert answer.status_code == 413
    assert f'href="{path}/documents"' in answer.text


def test_a_number_out_of_bounds_is_told_with_its_bound(client: TestClient, path: str) -> None:
    assert "Écrivez 120 au plus." in client.post(f"{path}/calendar", data={"seen": "0", "duration_months": "9999"}).text


def test_a_document_goes_in_comes_out_and_goes_away(client: TestClient, path: str) -> None:
    refused = client.post(f"{path}/documents", data={"kind": "statutes"}, files={"file": ("a.svg", b"<svg/>", "image/svg+xml")})
    assert refused.status_code == 422
    assert client.post(f"{path}/documents", data={"kind": "statutes"}).status_code == 422
    sent = {"file": ("Écoles \"2027\".pdf", PDF, "text/html")}
    assert client.post(f"{path}/documents", data={"kind": "statutes"}, files=sent).status_code == 303
    address = re.search(r'href="(/documents/[^"]+)"', client.get(f"{path}/documents").text)[1]
    download = client.get(address)
    assert download.content == PDF
    assert download.headers["content-type"] == "application/pdf"
    assert download.headers["content-disposition"].startswith("attachment; ")
    assert download.headers["x-content-type-options"] == "nosniff"
    assert download.headers["cache-control"] == "no-store"
    assert "sandbox" in download.headers["content-security-policy"]
    assert client.post(f"{path}/documents/{address.rsplit('/')[-1]}/removal").status_code == 303
    assert client.get(address).status_code == 404


def test_a_page_of_a_file_is_read_in_few_statements(client: TestClient, cast: Cast, statements: list[str]) -> None:
    claire = cast.person()
    for _ in range(3):
        draft = cast.draft(claire)
    cast.sign_in(client, claire)
    for address, most in (("/files", 9), (f"/files/{draft.public_id}", 12), (f"/files/{draft.public_id}/budget", 12)):
        del statements[:]
        assert client.get(address).status_code == 200
        assert len(statements) <= most, address


@pytest.fixture
def statements(engine: Engine) -> list[str]:
    """What the database is asked, as it comes."""
    kept: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: kept.append(call[2]))
    return kept


def test_every_page_saves_and_shows_what_was_saved(client: TestClient, path: str, clock: Clock) -> None:
    for section, answers in complete_answers(clock.now).items():
        saved = client.post(f"{path}/{section}", data=as_sent(answers) | {"seen": "0", "then": "stay"})
        assert saved.headers["location"] == f"{path}/{section}?done=saved"
        assert 'class="notice warn"' not in client.get(f"{path}/{section}").text, section


def test_a_file_started_from_an_earlier_one_says_what_was_copied(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    earlier = cast.draft(claire)
    cast.sign_in(client, claire)
    home = client.get("/files").text
    slug = re.search(r'name="organisation" value="([^"]+)"', home)[1]
    assert f'name="from" value="{earlier.public_id}"' in home
    made = client.post("/files", data={"edition": "rennes-2027", "organisation": slug, "from": earlier.public_id})
    path = made.headers["location"].partition("?")[0]
    text = client.get(path).text
    assert "Commencé à partir d’un dossier précédent" in text
    assert "Non copié" in text
    assert "Un forage solaire" in client.get(f"{path}/project").text


def test_a_file_of_somebody_else_is_never_a_model(client: TestClient, cast: Cast, path: str) -> None:
    leo = cast.person("leo@example.org", "Léo")
    slug = cast.organisation(leo, name="Autre").slug
    cast.sign_in(client, leo)
    sent = {"edition": "rennes-2027", "organisation": slug, "from": path.rpartition("/")[2]}
    assert client.post("/files", data=sent).status_code == 404


def test_a_draft_is_previewed_by_its_members_alone(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    path = f"/files/{cast.draft(claire).public_id}"
    cast.sign_in(client, claire)
    assert "Un forage solaire" in client.get(f"{path}/preview").text
    client.cookies.clear()
    assert client.get(f"{path}/preview").status_code == 303
    leo = cast.person("leo@example.org", "Léo")
    cast.sign_in(client, leo)
    assert client.get(f"{path}/preview").status_code == 404


def test_the_check_shows_every_rule_with_what_was_found_and_where_to_change_it(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    draft = cast.draft(claire, place={"country": "FR"})
    cast.sign_in(client, claire)
    text = client.get(f"/files/{draft.public_id}/submission").text
    table = text[text.index('id="rules-title"') :]
    assert table.count("<tr>") - 1 == len(cast.edition().rulebook.rules)
    assert "Non respecté" in table or "Non rempli" in table or 'class="badge err"' in table
    assert f'href="/files/{draft.public_id}/place"' in table


def test_a_line_is_added_to_the_group_that_asks_and_nothing_typed_is_lost(client: TestClient, path: str) -> None:
    rows = {f"risks-{n}-{part}": "" for n in range(2) for part in ("what", "likelihood", "answer")}
    answer = client.post(f"{path}/risks/lines", data={"seen": "0", **rows, "risks-0-what": "Pluies", "add": "risks"})
    assert 'name="risks-3-what"' in answer.text
    assert "Pluies" in answer.text
    typed = {"seen": "0", "women_0_14": "12", "men_0_14": "30", "women_15_24": "x"}
    assert "42 personnes" in client.post(f"{path}/beneficiaries/lines", data=typed).text


def test_the_session_ends_while_somebody_writes_and_the_text_is_there_again(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    path = f"/files/{cast.draft(claire, complete=False).public_id}"
    cast.sign_in(client, claire)
    client.cookies.clear()
    lines = {"activities-0-label": "Étude du sol", "activities-0-month": "2", "activities-7-label": "Forage"}
    sent = lines | {"seen": "0", "objectives": "De l’eau"}
    answer = client.post(f"{path}/activities", data=sent)
    assert all(typed in answer.text for typed in ("Étude du sol", "activities-7-label", "Forage", "De l’eau"))
