"""The desk of a voting place: find, add, hand out paper, enter ballots; who has voted is seen, what is chosen never."""

from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.permissions import Role
from app.editions.models import Edition
from app.electorate.batches import make_batch
from app.electorate.forms import CodeBatchForm
from app.electorate.models import RollLine
from app.ledger.models import Entry
from app.polls.queries import credential_for
from app.unit import work
from app.voting import service as voting
from app.voting.models import Ballot
from tests.cast import Cast
from tests.polls.stage import identified, open_vote

DESK = "/staff/editions/rennes-2027/desk"
YVONNE = {"name": "Yvonne Le Bris", "birth_date": "1945-06-01", "address": "12 rue de la Paix", "proof": "yes"}


def at_the_desk(client: TestClient, cast: Cast) -> Edition:
    edition = open_vote(cast)
    cast.sign_in(client, cast.official(Role.DESK_AGENT))
    return edition


def test_a_resident_with_a_proof_is_added_found_and_handed_a_paper_ballot_once(client: TestClient, cast: Cast) -> None:
    at_the_desk(client, cast)
    line = client.post(f"{DESK}/lines", data=YVONNE).headers["location"].partition("?")[0]
    assert "Remettre un bulletin papier" in client.get(line).text
    assert client.post(f"{line}/paper").status_code == 303
    assert "Un bulletin papier a été remis" in client.get(line).text
    again = client.post(f"{line}/paper")
    assert again.status_code == 409
    found = client.post(f"{DESK}/search", data={"name": "le bris"})
    assert "Yvonne Le Bris" in found.text
    assert "A reçu un bulletin papier" in found.text
    assert "Personne de ce nom" in client.post(f"{DESK}/search", data={"name": "inconnue"}).text


def test_who_voted_online_is_seen_as_such_and_gets_no_paper(client: TestClient, cast: Cast) -> None:
    edition = at_the_desk(client, cast)
    with work(cast.engine, now=cast.clock.now) as unit:
        line = identified(unit, unit.db.get_one(Edition, edition.id))
        voting.spend(unit, edition.id or 0, credential_for(unit, edition, line), "online", "2026-11-21")
    assert "A voté en ligne" in client.post(f"{DESK}/search", data={"name": "aminata"}).text
    page = f"{DESK}/lines/{line.public_id}"
    assert "Remettre un bulletin papier" not in client.get(page).text
    refused = client.post(f"{page}/paper")
    assert refused.status_code == 409
    assert "premier vote compte" in refused.text


def test_a_namesake_needs_a_word_of_the_agent(client: TestClient, cast: Cast) -> None:
    at_the_desk(client, cast)
    client.post(f"{DESK}/lines", data=YVONNE)
    again = client.post(f"{DESK}/lines", data=YVONNE | {"address": "5 place Hoche"})
    assert again.status_code == 409
    assert 'name="namesake"' in again.text
    assert "5 place Hoche" in again.text
    assert client.post(f"{DESK}/lines", data=YVONNE | {"address": "5 place Hoche", "namesake": "yes"}).status_code == 303


def test_a_letter_is_exchanged_for_a_paper_ballot_and_its_code_no_longer_votes(client: TestClient, cast: Cast) -> None:
    at_the_desk(client, cast)
    agent = cast.person("letters@example.org", "Agent", [Role.DESK_AGENT])
    with work(cast.engine, now=cast.clock.now) as unit:
        edition = unit.db.exec(select(Edition)).one()
        (code,) = make_batch(unit, edition, CodeBatchForm(label="Foyer", size=1), by=agent, seconded=True)[1]
    line = client.post(f"{DESK}/letters", data={"batch": "1", "serial": "1"}).headers["location"]
    assert "Porteur d’un code imprimé" in client.get(line).text
    assert client.post(f"{line}/paper").status_code == 303
    told = client.post("/editions/rennes-2027/identification/printed", data={"lang": "fr", "printed": code}).text
    assert "Un bulletin papier vous a été remis" in told
    assert client.post(f"{DESK}/letters", data={"batch": "9", "serial": "1"}).status_code == 404


def test_paper_ballots_enter_one_by_one_and_each_is_told_as_it_was_read(client: TestClient, cast: Cast) -> None:
    at_the_desk(client, cast)
    lot = client.post(f"{DESK}/lots", data={"station": "Bureau démo Villejean"}).headers["location"].partition("?")[0]
    assert lot == f"{DESK}/lots/1"
    assert "Le bulletin 1 est saisi : il compte." in _plain(client.post(f"{lot}/ballots", data={"serial": "1", "marks": "1 2 3"}).text)
    two = client.post(f"{lot}/ballots", data={"serial": "2", "marks": "1 2"}).text
    assert "nul (Pas assez de projets)" in _plain(two) or "nul (" in _plain(two)
    assert "blanc" in client.post(f"{lot}/ballots", data={"serial": "3", "blank": "yes"}).text
    taken = client.post(f"{lot}/ballots", data={"serial": "3", "marks": "1 2 4"})
    assert taken.status_code == 409
    assert 'value="1 2 4"' in taken.text
    assert client.post(f"{lot}/ballots", data={"serial": "4", "null_reason": "rien"}).status_code == 422
    assert 'value="4"' in client.get(lot).text
    assert client.post(f"{lot}/closure").status_code == 303
    assert "Ce lot est clos" in client.get(lot).text
    assert client.post(f"{lot}/ballots", data={"serial": "9", "marks": "1 2 3"}).status_code == 409
    with work(cast.engine) as unit:
        assert len(unit.db.exec(select(Ballot)).all()) == 3


def test_a_mistyped_ballot_is_taken_out_and_entered_again(client: TestClient, cast: Cast) -> None:
    at_the_desk(client, cast)
    lot = client.post(f"{DESK}/lots", data={"station": "Bureau démo Villejean"}).headers["location"].partition("?")[0]
    assert "mal saisi" not in client.get(lot).text
    entered = client.post(f"{lot}/ballots", data={"serial": "1", "marks": "1 2 4"}).text
    assert '<input type="hidden" name="out" value="1">' in entered
    client.post(f"{lot}/ballots", data={"serial": "2", "marks": "1 2 3"})
    out = client.post(f"{lot}/removals", data={"out": "1"}).text
    assert "Le bulletin 1 est retiré. Saisissez-le à nouveau." in _plain(out)
    assert 'value="1"' in out.partition('name="serial"')[2].partition(">")[0]
    assert "1 bulletin saisi" in _plain(out)
    again = client.post(f"{lot}/removals", data={"out": "1"})
    assert again.status_code == 404
    assert "Le bulletin 1 de ce lot n’est pas saisi." in _plain(again.text)
    assert client.post(f"{lot}/removals", data={"out": "un"}).status_code == 422
    with work(cast.engine) as unit:
        assert [(one.event, one.subject) for one in unit.db.exec(select(Entry).where(Entry.event == "lot:take_out")).all()] == [
            ("lot:take_out", "rennes-2027/lot-1/1")
        ]
    client.post(f"{lot}/closure")
    assert client.post(f"{lot}/removals", data={"out": "2"}).status_code == 409


def test_more_ballots_entered_than_handed_out_are_pointed_at(client: TestClient, cast: Cast) -> None:
    at_the_desk(client, cast)
    line = client.post(f"{DESK}/lines", data=YVONNE).headers["location"].partition("?")[0]
    client.post(f"{line}/paper")
    lot = client.post(f"{DESK}/lots", data={"station": "Bureau démo Villejean"}).headers["location"].partition("?")[0]
    client.post(f"{lot}/ballots", data={"serial": "1", "marks": "1 2 3"})
    even = client.get(f"{DESK}/lots").text
    assert "1 bulletin papier remis · 1 bulletin saisi" in _plain(even)
    assert "Recomptez" not in even
    client.post(f"{lot}/ballots", data={"serial": "2", "marks": "1 2 3"})
    assert "Plus de bulletins saisis que de bulletins remis" in client.get(f"{DESK}/lots").text


def test_names_never_stand_in_an_address_and_lines_of_other_editions_are_missing(client: TestClient, cast: Cast) -> None:
    at_the_desk(client, cast)
    assert client.get(f"{DESK}/search?name=aminata").status_code in (404, 405)
    client.post(f"{DESK}/lines", data=YVONNE)
    with work(cast.engine) as unit:
        line = unit.db.exec(select(RollLine)).one().public_id
    cast.edition(slug="rennes-2028")
    assert client.get(f"/staff/editions/rennes-2028/desk/lines/{line}").status_code == 404
    assert client.get(f"{DESK}/lines/inconnue").status_code == 404
    assert client.get(f"{DESK}/lots/7").status_code == 404


def test_the_desk_is_for_its_agents_and_the_bureau(client: TestClient, cast: Cast) -> None:
    open_vote(cast)
    for role, status in ((Role.BUREAU_MEMBER, 200), (Role.ADMINISTRATOR, 403), (Role.CASE_OFFICER, 403)):
        cast.sign_in(client, cast.official(role, email=f"{role}@example.org"))
        assert client.get(DESK).status_code == status


def _plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")
