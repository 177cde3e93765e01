"""The parts of an edition in the back office: what is refused, what is kept, and who may publish."""

from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.core.permissions import Role
from app.editions import queries
from app.editions.models import Edition
from app.unit import work
from tests.cast import Cast

AT = "/staff/editions/rennes-2027"
VOTE = {
    "submission_opens": "2026-10-15", "submission_closes": "2027-01-31",
    "voting_opens": "2027-05-14", "voting_opens_clock": "09:00", "voting_closes": "2027-06-06", "voting_closes_clock": "20:00",
}  # fmt: skip
FIXED = {"terms-0-kind": "fixed", "terms-0-cents": "1 000,50", "terms-0-label": "Dotation", "rounding": "to_cent", "split_by": ""}


@pytest.fixture
def official(client: TestClient, cast: Cast) -> TestClient:
    """An administrator signed in, an unpublished edition before them."""
    cast.edition(published=False)
    cast.sign_in(client, cast.official())
    return client


def read(cast: Cast, slug: str = "rennes-2027") -> Any:
    """The edition and its calendar as they are now."""
    with work(cast.engine, writing=False, now=cast.clock.now) as unit:
        edition = queries.find_edition(unit, slug, drafts=True)
        return edition, queries.calendar_of(unit, edition)


def test_every_part_has_its_page(official: TestClient) -> None:
    for path in ("", "/texts", "/calendar", "/envelope", "/rules", "/lists", "/rules/max_rate", "/rules/new?kind=theme"):
        assert official.get(AT + path).status_code == 200
    assert official.get(f"{AT}/rules/new?kind=nothing").status_code == 404
    assert official.get(f"{AT}/rules/nothing").status_code == 404


def test_a_phase_without_hours_lasts_until_the_end_of_its_last_day(official: TestClient, cast: Cast) -> None:
    assert official.post(f"{AT}/calendar", data=VOTE | {"revision": "1"}).status_code == 303
    _, calendar = read(cast)
    assert calendar.deadline("submission") == datetime(2027, 1, 31, 23, 0, tzinfo=UTC)
    assert calendar.deadline("voting") == datetime(2027, 6, 6, 18, 0, tzinfo=UTC)
    text = official.get(f"{AT}/calendar").text
    assert "Du 15 octobre 2026 au 31 janvier 2027 inclus" in text
    assert 'value="20:00"' in text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"voting_opens": "2027-03-28", "voting_opens_clock": "02:30"}, "voting_opens"),
        ({"submission_opens": "2026-10-25", "submission_opens_clock": "02:30"}, "submission_opens"),
        ({"voting_opens": "2027-01-15"}, "voting_opens"),
        ({"voting_closes": "2027-05-01"}, "voting_closes"),
        ({"voting_closes": "31/02/2027"}, "voting_closes"),
        ({"voting_opens": ""}, "voting_opens"),
        ({"count_opens": "2027-06-08"}, "count_closes"),
    ],
)
def test_a_date_that_cannot_be_is_told_at_its_field_and_all_is_kept(
    official: TestClient, changed: dict[str, str], field: str
) -> None:
    page = official.post(f"{AT}/calendar", data=VOTE | changed | {"revision": "1", "reason": ""})
    assert page.status_code == 422
    assert f'href="#f-{field}"' in page.text
    assert 'value="20:00"' in page.text
    assert 'value="2026-10-15"' in page.text or "submission_opens" in changed


def test_a_time_that_happens_twice_is_asked_and_the_answer_kept(official: TestClient, cast: Cast) -> None:
    twice = VOTE | {"submission_opens": "2026-10-25", "submission_opens_clock": "02:30", "revision": "1"}
    asked = official.post(f"{AT}/calendar", data=twice)
    assert 'name="submission_opens_fold"' in asked.text
    assert official.post(f"{AT}/calendar", data=twice | {"submission_opens_fold": "1"}).status_code == 303
    assert read(cast)[1].window("submission").opens == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert 'name="submission_opens_fold"' in official.get(f"{AT}/calendar").text


def test_a_preview_says_the_dates_in_words_and_saves_nothing(official: TestClient, cast: Cast) -> None:
    before = read(cast)[1]
    page = official.post(f"{AT}/calendar", data=VOTE | {"voting_opens": "2027-05-20", "revision": "1", "action": "preview"})
    assert page.status_code == 200
    assert "Du 20 mai 2027 à 9\u00a0h au 6 juin 2027 à 20\u00a0h" in page.text
    assert read(cast)[1] == before


def test_an_envelope_is_computed_before_it_is_saved(official: TestClient, cast: Cast) -> None:
    page = official.post(f"{AT}/envelope", data=FIXED | {"revision": "1", "action": "preview"})
    assert page.status_code == 200
    assert "1\u202f000,50" in page.text
    assert read(cast)[0].envelope.amount().cents == 23089000
    assert official.post(f"{AT}/envelope", data=FIXED | {"revision": "1", "action": "save"}).status_code == 303
    assert read(cast)[0].envelope.amount().cents == 100050


def test_rows_come_and_go_without_a_script(official: TestClient) -> None:
    page = official.post(f"{AT}/envelope", data=FIXED | {"revision": "1", "action": "add:levy"})
    assert 'name="terms-1-rate_percent"' in page.text
    assert 'value="Dotation"' in page.text
    page = official.post(f"{AT}/envelope", data=FIXED | {"terms-1-kind": "levy", "revision": "1", "action": "remove-term:0"})
    assert 'value="Dotation"' not in page.text
    assert 'name="terms-0-rate_percent"' in page.text


def test_a_commune_found_brings_its_figure_and_one_without_gets_a_sentence(official: TestClient) -> None:
    row = {"terms-0-kind": "per_inhabitant", "terms-0-rate_cents": "1", "rounding": "down_to_euro", "revision": "1"}
    found = official.post(f"{AT}/envelope", data=row | {"terms-0-search": "brest", "action": "find:0"})
    assert 'value="29019"' in found.text
    taken = official.post(f"{AT}/envelope", data=row | {"terms-0-pick": "29019", "action": "take:0"})
    assert 'value="Brest"' in taken.text
    empty = official.post(f"{AT}/envelope", data=row | {"terms-0-pick": "55039", "action": "take:0"})
    assert empty.status_code == 422
    assert 'href="#f-terms-0-search"' in empty.text


def test_a_wrong_envelope_is_told_at_its_field_and_kept(official: TestClient) -> None:
    page = official.post(f"{AT}/envelope", data=FIXED | {"terms-0-cents": "mille", "floor_cents": "12", "revision": "1"})
    assert page.status_code == 422
    assert 'href="#f-terms-0-cents"' in page.text
    assert 'value="mille"' in page.text
    assert 'value="12"' in page.text


def test_a_split_by_theme_takes_the_themes_and_sums_to_the_whole(official: TestClient, cast: Cast) -> None:
    sent = {"revision": "1", **FIXED, "split_by": "theme"}
    filled = official.post(f"{AT}/envelope", data=sent | {"action": "fill-parts"})
    assert 'value="climate"' in filled.text
    keys = ("infrastructure", "sustainable_development", "climate")
    parts = {f"parts-{number}-{name}": key for number, key in enumerate(keys) for name in ("key", "label_fr")}
    parts |= {"keys-0-kind": "equal", "keys-0-weight": "1"}
    assert official.post(f"{AT}/envelope", data=sent | parts | {"action": "save"}).status_code == 303
    amounts = [money.cents for _, money in read(cast)[0].envelope.parts()]
    assert amounts == [33350, 33350, 33350]


def test_a_rule_is_written_changed_moved_and_removed(official: TestClient, cast: Cast) -> None:
    new = {"kind": "travel_share", "key": "travel_two", "wording_fr": "Peu de voyages.", "max_percent": "12,5", "accounts": "625"}
    new |= {"position": "1", "blocking": "yes", "correctable": "yes"}
    assert official.post(f"{AT}/rules", data=new | {"revision": "1"}).status_code == 303
    assert read(cast)[0].rulebook.rules[0].key == "travel_two"
    assert "12,5" in official.get(f"{AT}/rules").text
    changed = {name: value for name, value in new.items() if name not in ("key", "blocking")}
    changed |= {"max_percent": "10", "revision": "2"}
    assert official.post(f"{AT}/rules/travel_two", data=changed).status_code == 303
    assert read(cast)[0].rulebook.rule("travel_two").blocking is False
    assert official.post(f"{AT}/rules/travel_two/place", data={"action": "down", "revision": "3"}).status_code == 303
    assert read(cast)[0].rulebook.rules[1].key == "travel_two"
    assert official.post(f"{AT}/rules/travel_two/removal", data={"revision": "4"}).status_code == 303
    assert len(read(cast)[0].rulebook.rules) == 22


def test_a_wrong_rule_is_told_at_its_fields_and_kept(official: TestClient) -> None:
    typed = {"kind": "amount", "key": "Été", "wording_fr": "", "max_cents": "dix", "position": "99", "revision": "1"}
    page = official.post(f"{AT}/rules", data=typed)
    assert page.status_code == 422
    for name in ("key", "wording_fr", "max_cents"):
        assert f'href="#f-{name}"' in page.text
    assert 'value="dix"' in page.text


def test_two_officials_at_once_the_later_sees_both_versions_and_loses_nothing(official: TestClient, cast: Cast) -> None:
    first = {"name_fr": "Édition de Sophie", "introduction_fr": "Bonjour", "revision": "1"}
    assert official.post(f"{AT}/texts", data=first).status_code == 303
    cast.sign_in(official, cast.official(Role.CASE_OFFICER, email="marc@example.org", name="Marc Petit"))
    second = {"name_fr": "Édition de Marc", "introduction_fr": "Bienvenue", "revision": "1"}
    late = official.post(f"{AT}/texts", data=second)
    assert late.status_code == 409
    assert "Sophie Martin" in late.text
    assert "Édition de Sophie" in late.text
    assert 'value="Édition de Marc"' in late.text
    assert 'name="revision" value="2"' in late.text
    assert official.post(f"{AT}/texts", data=second | {"revision": "2"}).status_code == 303


@pytest.mark.parametrize(
    ("part", "sent"), [("calendar", VOTE), ("envelope", FIXED), ("lists", {"themes": "a; Un"}), ("rules/max_rate/removal", {})]
)
def test_every_part_says_who_was_faster(official: TestClient, part: str, sent: dict[str, str]) -> None:
    official.post(f"{AT}/texts", data={"name_fr": "Autre nom", "introduction_fr": "Bonjour", "revision": "1"})
    late = official.post(f"{AT}/{part}", data=sent | {"revision": "1"})
    assert late.status_code == 409
    assert "Sophie Martin" in late.text


def test_an_incomplete_edition_is_not_published_and_says_what_is_missing(client: TestClient, cast: Cast) -> None:
    cast.edition(published=False, envelope=None, themes=[], phases={"voting": None})
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    page = client.post(f"{AT}/publication", data={"revision": "1"})
    assert page.status_code == 422
    for part in ("calendar", "envelope", "lists"):
        assert f'href="{AT}/{part}"' in page.text
    assert read(cast)[0].published_at is None


def test_a_publisher_publishes_and_a_case_officer_may_not(client: TestClient, cast: Cast) -> None:
    cast.edition(published=False)
    cast.sign_in(client, cast.official(Role.CASE_OFFICER, email="marc@example.org"))
    assert client.post(f"{AT}/publication", data={"revision": "1"}).status_code == 403
    cast.sign_in(client, cast.official(Role.PUBLISHER))
    assert client.get(f"{AT}/texts").status_code == 403
    assert client.post(f"{AT}/publication", data={"revision": "1"}).headers["location"] == f"{AT}?done=published"
    assert client.get("/editions/rennes-2027").status_code == 200
    assert client.post(f"{AT}/publication", data={"revision": "2"}).status_code == 409


def test_after_publication_a_change_needs_a_reason_that_everyone_reads(client: TestClient, cast: Cast) -> None:
    cast.edition()
    cast.sign_in(client, cast.official())
    silent = client.post(f"{AT}/envelope", data=FIXED | {"revision": "1"})
    assert silent.status_code == 422
    assert 'href="#f-reason"' in silent.text
    said = client.post(f"{AT}/envelope", data=FIXED | {"revision": "1", "reason": "Le conseil a voté <b>un</b> autre montant."})
    assert said.status_code == 303
    client.cookies.clear()
    public = client.get("/editions/rennes-2027").text
    assert "Le conseil a voté &lt;b&gt;un&lt;/b&gt; autre montant." in public
    assert "Sophie Martin" not in public


def test_once_voting_has_opened_envelope_and_rules_stay_as_they_are(client: TestClient, cast: Cast) -> None:
    cast.edition()
    cast.clock.now = read(cast)[1].window("voting").opens
    cast.sign_in(client, cast.official())
    reason = {"revision": "1", "reason": "Parce que."}
    assert client.post(f"{AT}/envelope", data=FIXED | reason).status_code == 403
    assert client.post(f"{AT}/rules/max_rate/removal", data=reason).status_code == 403
    assert client.post(f"{AT}/texts", data={"name_fr": "N", "introduction_fr": "B"} | reason).status_code == 303


def test_the_lists_are_read_line_by_line(official: TestClient, cast: Cast) -> None:
    assert official.post(f"{AT}/lists", data={"themes": "eau; Eau; Water\nair; Air", "revision": "1"}).status_code == 303
    edition: Edition = read(cast)[0]
    assert [theme.label for theme in edition.themes] == [{"fr": "Eau", "en": "Water"}, {"fr": "Air"}]
    wrong = official.post(f"{AT}/lists", data={"themes": "Eau !", "districts": "centre; Centre", "revision": "2"})
    assert wrong.status_code == 422
    assert "Eau !" in wrong.text
    assert "centre; Centre" in wrong.text


def test_a_rule_removed_while_it_was_being_changed_keeps_what_was_typed(official: TestClient) -> None:
    assert official.post(f"{AT}/rules/max_rate/removal", data={"revision": "1"}).status_code == 303
    typed = {"kind": "share_of_cost", "max_percent": "55", "wording_fr": "Au plus la moitié.", "position": "1", "revision": "1"}
    late = official.post(f"{AT}/rules/max_rate", data=typed)
    assert late.status_code == 409
    assert 'value="55"' in late.text
    assert "n’est pas dans la liste enregistrée" in late.text


@pytest.mark.parametrize(
    ("part", "sent"),
    [
        ("texts", {"name_fr": "N", "published_at": "2026-01-01"}),
        ("calendar", VOTE | {"secret_opens": "2026-01-01"}),
        ("envelope", FIXED | {"id": "7"}),
        ("envelope", FIXED | {"terms-0-worth": "7"}),
        ("rules/max_rate", {"kind": "share_of_cost", "wording_fr": "M", "max_percent": "5", "position": "1", "published": "yes"}),
        ("lists", {"themes": "a; Un", "rulebook": "{}"}),
    ],
)
def test_a_field_that_is_not_of_the_page_is_refused(official: TestClient, cast: Cast, part: str, sent: dict[str, str]) -> None:
    assert official.post(f"{AT}/{part}", data=sent | {"revision": "1"}).status_code == 422
    assert read(cast)[0].revision == 1
