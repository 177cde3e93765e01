"""What officials type becomes the value, and the value becomes what they typed."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.calendar import Calendar, PhaseKind, Window, start_of_day
from app.core.eligibility import RULE_KINDS, Rulebook
from app.core.envelope import CarryOver, Envelope, Fixed, Key, Levy, Part, PercentOfBudget, Split
from app.core.messages import Localised
from app.core.problems import Invalid, Missing
from app.editions.forms.calendar import asked_twice, read_calendar, typed_of
from app.editions.forms.envelope import TERMS, Sheet, drawn_term, press, read_envelope, sheet_of
from app.editions.forms.labels import LABELS, RULE_LABELS, TERM_LABELS
from app.editions.forms.rules import drawn_rule, fresh, moved, read_rule, shown, with_rule
from app.editions.models import Edition
from app.editions.presets import one_euro_each, rennes_preset
from app.editions.spoken import spoken

PRESET = rennes_preset()
EDITION = Edition(
    programme_id=1, slug="e", name=Localised(fr="É"), introduction=Localised(), rulebook=PRESET.rulebook, themes=list(PRESET.themes),
    redirects=list(PRESET.redirects), created_at=datetime(2026, 11, 21, tzinfo=UTC),
)  # fmt: skip
ZONES = ("Europe/Paris", "America/Martinique", "Indian/Reunion", "Pacific/Tahiti")
SECONDS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0))


@given(SECONDS, st.integers(1, 400), st.sampled_from(ZONES))
def test_a_calendar_shown_in_the_form_is_read_back_as_it_was(opens: datetime, hours: int, zone: str) -> None:
    window = Window(kind=PhaseKind.campaign, opens=opens, closes=opens + timedelta(hours=hours))
    calendar = Calendar(zone=zone, windows=(window,))
    assert read_calendar(typed_of(calendar), zone) == calendar


@given(st.dates(datetime(2020, 1, 1).date(), datetime(2035, 1, 1).date()), st.integers(1, 40), st.sampled_from(ZONES))
def test_whole_days_are_typed_and_said_without_any_hour(day, days: int, zone: str) -> None:
    window = Window(kind=PhaseKind.campaign, opens=start_of_day(day, zone), closes=start_of_day(day + timedelta(days=days), zone))
    typed = typed_of(Calendar(zone=zone, windows=(window,)))
    assert (typed["campaign_opens_clock"], typed["campaign_closes_clock"]) == ("", "")
    assert typed["campaign_closes"] == (day + timedelta(days=days - 1)).isoformat()
    assert not any(isinstance(value, datetime) for value in spoken(window, zone).values.values())


@pytest.mark.parametrize(("name", "clock"), [("voting_opens", "02:30"), ("voting_closes", "2 h 30")])
def test_only_the_hour_that_comes_back_is_asked(name: str, clock: str) -> None:
    typed = {name: "2026-10-25", f"{name}_clock": clock}
    assert set(asked_twice(typed, "Europe/Paris")) == {next(iter(typed))}
    assert asked_twice(typed, "America/Martinique") == {}


def test_a_field_of_nobody_is_refused_by_the_calendar() -> None:
    with pytest.raises(Invalid) as told:
        read_calendar({"secret_opens": "2027-01-01"}, "Europe/Paris")
    assert "secret_opens" in told.value.errors


ENVELOPES = (
    one_euro_each("35238"),
    Envelope(terms=(Fixed(cents=12345, label="Dotation"), CarryOver(cents=5, from_edition="2025")), floor_cents=100, rounding="to_cent"),
    Envelope(terms=(PercentOfBudget(percent="0.3", base_cents=10**12, base_name="BP", base_year=2026, source="Ville"),), cap_cents=10**9),
    Envelope(terms=(Levy(rate_percent="1", base_cents=10**9, base_name="Eau", source="R", own_cap_cents=10**6, legal_cap_percent="1"),)),
    Envelope(
        terms=(Fixed(cents=10**8, label="Dotation"),),
        split=Split(
            by="district",
            parts=(
                Part(key="city", label={"fr": "Ville"}, share="1/5"),
                Part(key="a", label={"fr": "A", "en": "A"}),
                Part(key="b", label={"fr": "B"}, cents=None),
            ),
            keys=(Key(kind="equal", weight="1/4"), Key(kind="population", weight="3/4", values={"a": "61000", "b": "20.5"})),
        ),
    ),
)


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_an_envelope_shown_in_the_form_is_read_back_as_it_was(envelope: Envelope) -> None:
    assert read_envelope(sheet_of(envelope)) == envelope


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_button_and_no_text_breaks_the_sheet(action: str, text: str) -> None:
    settings = {"rounding": "to_cent", "split_by": "", "cap_cents": text}
    sheet = Sheet(terms=({"kind": "fixed", "cents": text, "label": text},), settings=settings)
    pressed = press(sheet, action, commune="35238", themes=PRESET.themes, districts=())
    with suppress(Invalid):
        assert read_envelope(pressed).amount().cents >= 0


@pytest.mark.parametrize("kind", sorted(TERMS))
def test_an_empty_term_is_told_at_fields_of_the_page(kind: str) -> None:
    with pytest.raises(Invalid) as told:
        read_envelope(Sheet(terms=({"kind": kind},)))
    assert set(told.value.errors) <= {f"terms-0-{one.name}" for one in drawn_term(kind)}


@pytest.mark.parametrize("rule", PRESET.rulebook.rules, ids=lambda rule: rule.key)
def test_a_rule_shown_in_the_form_is_read_back_as_it_was(rule) -> None:
    assert read_rule(rule.kind, shown(rule, EDITION), EDITION, key=rule.key) == rule


@pytest.mark.parametrize("kind", sorted(RULE_KINDS))
def test_a_new_rule_of_any_kind_is_drawn_with_words_and_told_at_its_fields(kind: str) -> None:
    drawn = drawn_rule(kind, EDITION, new=True)
    assert {one.path[-1 if one.language is None else -2] for one in drawn} <= set(LABELS)
    assert kind in RULE_LABELS
    with pytest.raises(Invalid) as told:
        read_rule(kind, fresh(kind, EDITION), EDITION)
    assert set(told.value.errors) <= {one.name for one in drawn}


def test_every_kind_of_term_has_its_words() -> None:
    assert set(TERM_LABELS) == set(TERMS)
    assert {one.path[-1] for kind in TERMS for one in drawn_term(kind)} <= set(LABELS)


def test_a_list_of_countries_that_does_not_ship_is_told_at_its_day() -> None:
    typed = fresh("country_in_list", EDITION) | {"wording_fr": "Pays", "as_of": "2019-01-01"}
    with pytest.raises(Invalid) as told:
        read_rule("country_in_list", typed, EDITION)
    assert set(told.value.errors) == {"as_of"}


def test_a_rule_stands_where_it_was_put() -> None:
    book = PRESET.rulebook
    last = book.rules[-1]
    assert with_rule(book, last, "1").rules[0] == last
    assert len(with_rule(book, last, "1").rules) == 22
    assert moved(book, last.key, "up").rules[-2] == last
    for place in ("0", "24", "x", "", "²"):
        with pytest.raises(Invalid):
            with_rule(book, last, place)
    with pytest.raises(Missing):
        moved(Rulebook(), "nothing", "up")


def test_the_zone_of_the_server_plays_no_part() -> None:
    typed = {"voting_opens": "2027-05-14", "voting_opens_clock": "09:00", "voting_closes": "2027-06-06", "voting_closes_clock": "20:00"}
    window = read_calendar(typed, "Pacific/Tahiti").window(PhaseKind.voting)
    assert window is not None
    assert window.opens.astimezone(ZoneInfo("Pacific/Tahiti")).hour == 9


def test_an_amount_that_cannot_be_read_is_told_in_euros_everywhere() -> None:
    part = {"key": "a", "label_fr": "A", "cents": "six"}
    settings = {"rounding": "to_cent", "split_by": "theme", "floor_cents": "cent"}
    with pytest.raises(Invalid) as told:
        read_envelope(Sheet(terms=({"kind": "fixed", "cents": "mille", "label": "D"},), parts=(part,), settings=settings))
    assert set(told.value.errors) == {"terms-0-cents", "parts-0-cents", "floor_cents"}
    assert {str(sentence) for sentence in told.value.errors.values()} == {"Enter an amount in euros, such as 1250 or 1250,50."}
