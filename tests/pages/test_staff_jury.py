"""The pages of the jury: blind for everyone until all are in, everything typed kept, nothing of a payload ever run."""

import re
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.accounts.models import Account
from app.core.permissions import Role
from app.editions.models import Edition
from app.printing import can_print
from tests.cast import Cast
from tests.conftest import skip_or_fail
from tests.printing.test_printing import opened
from tests.review.bench_of_jurors import SECRET, Bench
from tests.review.city import City
from tests.statements import counted

XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def every_page(file: str) -> tuple[str, ...]:
    desk = "/staff/editions/rennes-2027/jury"
    return (
        f"/staff/reviews/{file}/opinion", f"/staff/reviews/{file}", desk, f"{desk}/panel", f"{desk}/minutes", "/staff", "/staff/journal",
        f"/projects/{file}", f"/api/v1/projects/{file}", "/api/v1/editions/rennes-2027/projects", "/editions/rennes-2027/projects",
    )  # fmt: skip


def sent(need: str = "5", partner: str = "4", comment: str = "Vu au dossier", **more: str) -> dict[str, str]:
    return {"score-c1": need, "score-c2": partner, "comment-c1": comment, "comment-c2": comment, "then": "give"} | more


def test_no_page_and_no_api_shows_an_opinion_before_all_are_in(client: TestClient, cast: Cast, bench: Bench, file: str) -> None:
    cast.sign_in(client, bench.jurors[0])
    assert client.post(f"/staff/reviews/{file}/opinion", data=sent(comment=SECRET)).status_code == 303
    assert SECRET in client.get(f"/staff/reviews/{file}/opinion").text
    bench.give(file, 1, 1, 1)
    watchers = [*bench.jurors[1:], bench.officer, cast.official(Role.OBSERVER, email="observer@example.org", name="Jeanne Quéré"), None]
    for who in watchers:
        client.cookies.clear()
        if who:
            cast.sign_in(client, who)
        for path in every_page(file):
            assert SECRET not in client.get(path).text, (path, who)
    bench.give(file, 2, 3, 3)
    cast.sign_in(client, bench.officer)
    page = client.get(f"/staff/reviews/{file}/opinion").text
    assert SECRET in page
    assert "Disputé\u00a0: 4 points d’écart" in page
    assert "exactement 35/12" in page


def test_a_juror_who_stands_aside_never_sees_the_others(client: TestClient, cast: Cast, bench: Bench, file: str) -> None:
    cast.sign_in(client, bench.jurors[2])
    assert client.post(f"/staff/reviews/{file}/recusal", data={"tie": "family", "words": "Ma sœur"}).status_code == 303
    bench.give(file, 0, comment=SECRET)
    bench.give(file, 1)
    bench.common(file, text="Avis du jury gardé pour les minutes")
    for path in every_page(file):
        page = client.get(path).text
        assert SECRET not in page, path
        assert "Avis du jury gardé" not in page, path
    assert client.post(f"/staff/reviews/{file}/opinion", data=sent()).status_code == 403


def test_a_draft_is_kept_and_seen_by_its_juror_alone(client: TestClient, cast: Cast, bench: Bench, file: str) -> None:
    cast.sign_in(client, bench.jurors[0])
    client.post(f"/staff/reviews/{file}/opinion", data=sent(partner="", comment=SECRET, then="draft"))
    page = client.get(f"/staff/reviews/{file}/opinion").text
    assert SECRET in page
    assert re.search(r'name="score-c1" type="radio" value="5" checked', page)
    cast.sign_in(client, bench.jurors[1])
    assert SECRET not in client.get(f"/staff/reviews/{file}/opinion").text


@pytest.mark.parametrize(
    ("fault", "field"), [({"score-c2": ""}, "score-c2"), ({"score-c2": "9"}, "score-c2"), ({"comment-c1": ""}, "comment-c1")]
)
def test_a_fault_keeps_all_that_was_typed(
    client: TestClient, cast: Cast, bench: Bench, file: str, fault: dict[str, str], field: str
) -> None:
    cast.sign_in(client, bench.jurors[0])
    answer = client.post(f"/staff/reviews/{file}/opinion", data=sent(comment="Une longue explication") | fault)
    assert answer.status_code == 422
    assert "Une longue explication" in answer.text
    assert f'id="f-{field}-error"' in answer.text


@pytest.mark.parametrize("extra", ["number", "given_at", "account_id", "score-c9", "comment-c9"])
def test_a_field_that_is_not_on_the_form_is_refused(client: TestClient, cast: Cast, bench: Bench, file: str, extra: str) -> None:
    cast.sign_in(client, bench.jurors[0])
    assert client.post(f"/staff/reviews/{file}/opinion", data=sent(**{extra: "1"})).status_code == 422


def test_the_panel_is_set_on_a_page_and_a_fault_keeps_its_rows(client: TestClient, cast: Cast, edition: Edition, city: City) -> None:
    jurors = [cast.official(Role.REVIEWER, email=f"j{n}@example.org", name=f"Juré {n}").id for n in (1, 2, 3)]
    cast.sign_in(client, city.officer)
    path = f"/staff/editions/{edition.slug}/jury/panel"
    assert "Juré 2" in client.get(path).text
    values: dict[str, Any] = {
        "criteria-0-label_fr": "Besoin", "criteria-0-label_en": "", "criteria-0-weight": "3", "scale": "5", "quorum": "2", "alert": "3",
        "fallback": "officers", "jurors": [str(one) for one in jurors], "chair": str(jurors[0]),
    }  # fmt: skip
    wrong = client.post(path, data=values | {"criteria-0-weight": "2,5"})
    assert wrong.status_code == 422
    assert 'value="Besoin"' in wrong.text
    assert 'value="2,5"' in wrong.text
    assert client.post(path, data=values).status_code == 303
    assert "Besoin" in client.get(path).text


def minutes_sent(client: TestClient, bench: Bench) -> dict[str, Any]:
    page = client.get("/staff/editions/rennes-2027/jury/minutes").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    return {"seen": seen[1], "held_on": "2026-11-21", "place": "Mairie", "remarks": "", "present": [str(one.id) for one in bench.jurors]}


def test_the_chair_confirms_and_voters_read_the_opinion(client: TestClient, cast: Cast, bench: Bench, file: str) -> None:
    for juror in range(3):
        bench.give(file, juror, 4, 2)
    bench.common(file, text="Un projet solide, porté par le village.")
    cast.sign_in(client, bench.jurors[0])
    assert client.post("/staff/editions/rennes-2027/jury/minutes", data=minutes_sent(client, bench)).status_code == 303
    page = client.get("/staff/editions/rennes-2027/jury/minutes/1").text
    assert "exactement 7/2" in page
    assert "Gwenn Le Roux" in page
    client.cookies.clear()
    public = client.get(f"/projects/{file}").text
    assert "Un projet solide, porté par le village." in public
    assert "Moyenne 3,5 sur 5" in public
    assert client.get(f"/api/v1/projects/{file}").json()["jury"]["mean"] == "7/2"


def test_minutes_that_moved_meanwhile_are_not_confirmed_and_nothing_typed_is_lost(
    client: TestClient, cast: Cast, bench: Bench, file: str
) -> None:
    for juror in range(3):
        bench.give(file, juror)
    bench.common(file)
    cast.sign_in(client, bench.jurors[0])
    values = minutes_sent(client, bench) | {"remarks": "Le jury remercie la ville."}
    bench.common(file, text="Réécrit entre-temps")
    answer = client.post("/staff/editions/rennes-2027/jury/minutes", data=values)
    assert answer.status_code == 409
    assert "Le jury remercie la ville." in answer.text


def test_a_payload_in_a_name_or_a_comment_fires_nowhere(client: TestClient, cast: Cast, edition: Edition, city: City, file: str) -> None:
    """N01: names, comments, recusals and the jury's opinion, through pages and minutes."""
    bench = Bench(cast, edition, city.officer)
    with bench.unit() as unit:
        account = unit.db.get_one(Account, bench.jurors[0].id)
        account.display_name = XSS
        unit.db.add(account)
    bench.recuse(file, 2, words=XSS)
    bench.give(file, 0, comment=XSS)
    bench.give(file, 1, comment=XSS)
    bench.common(file, text=XSS)
    cast.sign_in(client, bench.jurors[0])
    pages = [client.get(path).text for path in every_page(file) if not path.startswith("/api")]
    assert client.post("/staff/editions/rennes-2027/jury/minutes", data=minutes_sent(client, bench) | {"remarks": XSS}).status_code == 303
    confirmed = "/staff/editions/rennes-2027/jury/minutes/1"
    pages += [client.get(path).text for path in (*every_page(file), confirmed) if not path.startswith("/api")]
    assert sum("&lt;script&gt;" in page for page in pages) > 3
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_minutes_as_pdf_are_tagged_and_kept_by_no_cache(client: TestClient, cast: Cast, bench: Bench, file: str) -> None:
    if not can_print():
        skip_or_fail("no Pango here")
    for juror in range(3):
        bench.give(file, juror)
    bench.common(file, text=XSS)
    cast.sign_in(client, bench.jurors[0])
    client.post("/staff/editions/rennes-2027/jury/minutes", data=minutes_sent(client, bench))
    answer = client.get("/staff/editions/rennes-2027/jury/minutes/1/minutes.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    said = opened(answer.content)
    assert b"pdfuaid:part" in said
    assert b"/JavaScript" not in said
    assert client.get("/staff/editions/rennes-2027/jury/minutes/7").status_code == 404


def test_the_desk_of_the_jury_takes_the_same_statements_for_one_file_and_for_three(
    client: TestClient, cast: Cast, bench: Bench, city: City
) -> None:
    cast.sign_in(client, bench.officer)
    city.decided("P01")
    with counted(cast.engine) as few:
        client.get("/staff/editions/rennes-2027/jury")
    city.decided("P02"), city.decided("P03")
    with counted(cast.engine) as many:
        assert client.get("/staff/editions/rennes-2027/jury").text.count("/opinion") == 3
    assert len(many) == len(few)
    assert len(many) <= 20


def test_a_juror_finds_the_files_that_wait_for_their_opinion_first(client: TestClient, cast: Cast, bench: Bench, file: str) -> None:
    there = f'href="/staff/reviews/{file}/opinion"'
    cast.sign_in(client, bench.officer)
    assert there not in client.get("/staff").text
    cast.sign_in(client, bench.jurors[1])
    page = client.get("/staff").text
    assert there in page
    assert page.index("Dossiers qui attendent votre avis") < page.index("Dossiers en attente de décision")
    bench.give(file, 1)
    assert there not in client.get("/staff").text
