"""The public history of a project: every step, every reason, what changed between versions, and nothing that is private."""

from datetime import timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.eligibility import Section
from app.core.forms import read
from app.core.permissions import Role
from app.editions.models import Edition
from app.proposals import queries, service
from app.proposals.models import Proposal
from app.proposals.sections import BY_SECTION
from app.review import service as review
from app.unit import work
from tests.cast import Cast
from tests.conftest import Clock
from tests.files import complete_answers
from tests.polls.test_vetoing import on_ballot, veto
from tests.review.bench_of_jurors import Bench
from tests.review.city import City
from tests.review.test_appeals import Side
from tests.review.test_deciding import form
from tests.review.test_jury import confirm
from tests.statements import counted

SECRET = "ornithorynque"


def rewrite(cast: Cast, proposal: Proposal, **pages: dict[str, Any]) -> None:
    """Save pages of a file again, as its carrier."""
    person = cast.person()
    with work(cast.engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        file = queries.carrier_file(unit, proposal.public_id, person)
        for name, answers in pages.items():
            page = BY_SECTION[name]
            assert page.form is not None
            seen = queries.last_revision(unit, file.proposal, Section(name))
            whole = complete_answers(unit.now)[name] | answers
            service.save(unit, file, Section(name), read(page.form, whole), seen=seen.number if seen else 0, by=person)


def completed(cast: Cast, clock: Clock, edition: Edition, **pages: dict[str, Any]) -> str:
    """A file submitted, sent back, changed, handed in again and admitted, an hour between each: its public id."""
    officer, person = City(cast, edition).officer, cast.person()
    proposal = cast.draft(person, edition, project={"description": f"Un brouillon sur un {SECRET}."})
    rewrite(cast, proposal, project={})
    clock.now += timedelta(hours=1)
    with work(cast.engine, now=clock.now) as unit:
        service.submit(unit, queries.carrier_file(unit, proposal.public_id, person), by=person)
    clock.now += timedelta(hours=1)
    decide(cast, clock, proposal, officer, "incomplete", to_complete="Précisez le budget.", note=f"Un {SECRET} interne.")
    clock.now += timedelta(hours=1)
    rewrite(cast, proposal, **pages)
    clock.now += timedelta(hours=1)
    with work(cast.engine, now=clock.now) as unit:
        service.complete(unit, queries.carrier_file(unit, proposal.public_id, person), by=person)
    clock.now += timedelta(hours=1)
    decide(cast, clock, proposal, officer, "admissible")
    return proposal.public_id


def decide(cast: Cast, clock: Clock, proposal: Proposal, officer: Any, outcome: str, **values: Any) -> None:
    with work(cast.engine, now=clock.now) as unit:
        found = unit.db.get_one(Proposal, proposal.id)
        if outcome == "incomplete":
            values |= {"complete_by_day": (clock.now + timedelta(days=5)).date().isoformat()}
        review.decide(unit, found, form(unit, found, outcome, **values), by=officer)


def test_what_was_changed_after_a_request_is_shown_word_by_word(client: TestClient, cast: Cast, clock: Clock, edition: Edition) -> None:
    public_id = completed(cast, clock, edition, project={"summary": "Un résumé tout neuf."})
    page = client.get(f"/projects/{public_id}/history").text
    steps = [page.rindex(word) for word in ("Déposé", "Précisez le budget.", "Complété", "Recevable")]
    assert steps == sorted(steps)
    assert "<ins>" in page
    assert "<del>" in page
    assert "neuf" in page
    assert '<span class="visually-hidden" lang="fr"> [ajouté' in page


def test_drafts_notes_and_people_are_not_told(client: TestClient, cast: Cast, clock: Clock, edition: Edition) -> None:
    public_id = completed(cast, clock, edition, project={"summary": "Un résumé tout neuf."})
    for path in ("history", "feed.atom", "calendar.ics", "poster"):
        page = client.get(f"/projects/{public_id}/{path}").text
        assert SECRET not in page, path
        for private in ("claire@example.org", "Claire Le Goff", "Sophie Martin", "sophie@"):
            assert private not in page, (path, private)


def test_an_amount_is_shown_before_and_after(client: TestClient, cast: Cast, clock: Clock, edition: Edition) -> None:
    before = complete_answers(clock.now)["budget"]
    products = [row | {"amount": "6000"} if row["label"] == "Dons" else row for row in before["products"]]
    asked = {"requested": "11 000", "charges": before["charges"], "products": products}
    page = client.get(f"/projects/{completed(cast, clock, edition, budget=asked)}/history").text.replace("\u202f", " ").replace("\xa0", " ")
    assert "<ins>11 000 €</ins>" in page


def test_an_earlier_place_is_never_shown(client: TestClient, cast: Cast, clock: Clock, edition: Edition) -> None:
    first = complete_answers(clock.now)["place"]["place"]
    public_id = completed(cast, clock, edition, place={"place": "Région du Nord"})
    page = client.get(f"/projects/{public_id}/history").text
    assert "pour ne mettre personne en danger" in page
    assert first not in page


def test_what_is_kept_back_is_never_shown_in_a_comparison(client: TestClient, cast: Cast, clock: Clock, edition: Edition) -> None:
    later = {"partner_name": "Réseau des veilleuses", "partner_kind": "foundation", "partner_role": "Refuge de Thilogne"}
    public_id = completed(cast, clock, edition, place={"place_guarded": "yes", "public_place": "Vallée du fleuve"}, partner=later)
    for path in ("history", "feed.atom"):
        page = client.get(f"/projects/{public_id}/{path}").text
        for secret in ("Matam", "15,66", "Comité de gestion", "Comité d’habitant", "veilleuses", "Fondation", "Thilogne"):
            assert secret not in page, (path, secret)
    assert "pour ne mettre personne en danger" in client.get(f"/projects/{public_id}/history").text


def test_a_new_need_is_shown_word_by_word(client: TestClient, cast: Cast, clock: Clock, edition: Edition) -> None:
    page = client.get(f"/projects/{completed(cast, clock, edition, need={'need': 'Le puits tarit dès février.'})}/history").text
    assert "<del>" in page
    assert "février" in page


def test_a_payload_in_a_title_comes_out_as_words_everywhere(client: TestClient, cast: Cast, edition: Edition) -> None:
    """N01: pages, feed, dates and poster."""
    canary = "<script>alert(1)</script>\"'><canary onload=x>"
    public_id = City(cast, edition).decided("P01")
    with work(cast.engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        found = queries.project_by_public_id(unit, public_id)
        found.title = found.summary = canary
        unit.db.add(found)
    for path in ("", "/history", "/poster", "/feed.atom", "/followers"):
        text = client.get(f"/projects/{public_id}{path}").text
        assert "<canary" not in text, path
        assert "<script>" not in text, path
        assert "alert(1)" in text or path == "/followers"
    assert "alert(1)" in client.get(f"/projects/{public_id}/calendar.ics").text


def test_a_file_that_is_not_public_has_a_history_for_its_carrier_and_the_city_alone(
    client: TestClient, cast: Cast, edition: Edition
) -> None:
    """N05: every new address answers as if the file had never been."""
    draft, waiting = cast.draft(cast.person(), edition).public_id, City(cast, edition).file("P02")
    hidden = City(cast, cast.edition(slug="hidden", published=False)).decided("P03")
    ends = ("history", "feed.atom", "calendar.ics", "poster", "poster.pdf", "followers")
    paths = ("/p/{}", *(f"/projects/{{}}/{end}" for end in ends))
    for public_id in (draft, waiting, hidden, "k7m2p9x4qa"):
        assert {path: client.get(path.format(public_id)).status_code for path in paths} == dict.fromkeys(paths, 404)
        assert client.post(f"/projects/{public_id}/followers", data={"email": "x@example.org"}).status_code == 404
    feed = client.get(f"/editions/{edition.slug}/feed.atom")
    assert feed.status_code == 200
    assert all(public_id not in feed.text for public_id in (draft, waiting, hidden))
    assert client.get("/editions/hidden/feed.atom").status_code == 404
    cast.sign_in(client, cast.person())
    assert client.get(f"/projects/{draft}/history").status_code == 200


def test_a_history_asks_a_bounded_number_of_questions(
    client: TestClient, engine: Engine, cast: Cast, clock: Clock, edition: Edition
) -> None:
    public_id = completed(cast, clock, edition, project={"summary": "Un résumé tout neuf."})
    client.get("/")  # the look of the site is read once in half a minute
    with counted(engine) as seen:
        client.get(f"/projects/{public_id}/history")
    assert len(seen) <= 10


def test_the_jury_s_opinion_stands_in_the_history_once_its_minutes_are_confirmed(
    client: TestClient, cast: Cast, bench: Bench, file: str
) -> None:
    for juror in range(3):
        bench.give(file, juror, 4, 2)
    bench.common(file, text="Un projet solide, porté par le village.")
    for path in ("history", "feed.atom"):
        assert "porté par le village" not in client.get(f"/projects/{file}/{path}").text
    confirm(bench)
    page, feed = (client.get(f"/projects/{file}/{path}").text for path in ("history", "feed.atom"))
    assert "L’avis du jury : Favorable" in page.replace("\xa0", " ").replace("\u202f", " ")
    for words in ("porté par le village", "3,5 / 5"):
        assert words in page
        assert words in feed


def test_an_appeal_and_its_rejection_stand_in_the_history(client: TestClient, cast: Cast) -> None:
    side = Side(cast)
    appeal = side.lodge()
    assert 'id="appeal-1"' in client.get(f"/projects/{side.public_id}/history").text
    side.decide(appeal, "rejected", "Le besoin est né du cyclone.")
    for path in ("history", "feed.atom"):
        assert "Le besoin est né du cyclone." in client.get(f"/projects/{side.public_id}/{path}").text


def test_a_veto_after_the_freeze_stands_in_the_history(client: TestClient, cast: Cast, edition: Edition) -> None:
    two = [cast.official(Role.PUBLISHER, email=f"p{number}@example.org", name=f"P{number}") for number in (1, 2)]
    with work(cast.engine, now=cast.clock.now) as unit:  # type: ignore[attr-defined]
        frozen = unit.db.get_one(Edition, edition.id)
        frozen.frozen = True
        project = on_ballot(unit, frozen)
        veto(unit, frozen, project, (two[0], two[1]))
        public_id = project.public_id
    page = client.get(f"/projects/{public_id}/history").text
    assert "Dissoute le 2 mars." in page
    assert "n’existe plus" in page
