"""Which edition matters most now, and the words that rules need."""

from datetime import timedelta

import pytest

from app.editions import queries
from app.unit import Work, work
from tests.calendars import usual_calendar
from tests.cast import Cast


def dates(cast: Cast, days: int) -> dict:
    """The usual dates, moved by some days."""
    move = timedelta(days=days)
    return {window.kind.value: (window.opens + move, window.closes + move) for window in usual_calendar(cast.clock.now).windows}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(-180, 0, id="vote open before submission open"),
        pytest.param(0, -100, id="submission open before review"),
        pytest.param(-100, 60, id="review before what is to come"),
        pytest.param(60, -400, id="what is to come before what is past"),
        pytest.param(-400, -765, id="the last past one first"),
    ],
)
def test_the_edition_nearest_to_now_comes_first(cast: Cast, first: int, second: int) -> None:
    cast.edition(slug="first", phases=dates(cast, first))
    cast.edition(slug="second", phases=dates(cast, second))
    with work(cast.engine, writing=False, now=cast.clock.now) as unit:
        assert queries.current_edition(unit).slug == "first"


def test_no_edition_is_current_before_any_is_published(cast: Cast) -> None:
    cast.edition(published=False)
    with work(cast.engine, writing=False, now=cast.clock.now) as unit:
        assert queries.current_edition(unit) is None


def test_the_rules_know_communes_themes_countries_and_the_last_day(cast: Cast, unit: Work) -> None:
    edition = cast.edition()
    context = queries.context_of(unit, edition)
    assert context.name_of("commune", "35238") == {"fr": "Rennes"}
    assert context.name_of("theme", "climate")["en"] == "Climate"
    assert context.name_of("country", "SN")["fr"] == "Sénégal"
    assert context.deadline.isoformat() == "2027-01-31"
    assert len(context.countries) == 1
