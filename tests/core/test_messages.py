"""Promises on messages: a sentence keeps its values and their types until it is shown."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, field_validator

from app.core.messages import Localised, Message, Value, say, say_count
from app.core.money import Money
from app.core.sentences import sentence_of, wrong

simple = st.one_of(
    st.text(),
    st.integers(),
    st.builds(Money, st.integers(), st.sampled_from(["EUR", "XOF"])),
    st.fractions(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
    st.dictionaries(st.sampled_from(["fr", "en"]), st.text()).map(Localised),
)
nested = st.lists(simple, max_size=3).map(tuple) | st.builds(lambda value: say("%(value)s", value=value), simple)
values = simple | nested | st.lists(nested, max_size=3).map(tuple)


@given(values)
def test_a_stored_message_comes_back_with_the_same_values(value: Value) -> None:
    message = say("It is %(value)s.", value=value)
    again = Message.from_json(message.to_json())
    assert again == message
    assert type(again.values["value"]) is type(value)


def test_a_message_reads_in_english() -> None:
    text = say("%(who)s asks %(what)s (%(share)s) on %(day)s.", who="Awa", what=Money(150), share=Fraction(68, 100), day=date(2027, 5, 14))
    assert str(text) == "Awa asks 1.50 EUR (68 %) on 2027-05-14."


@pytest.mark.parametrize(("count", "text"), [(0, "0 projects"), (1, "1 project"), (2, "2 projects")])
def test_a_count_chooses_its_form(count: int, text: str) -> None:
    message = say_count("%(count)d project", "%(count)d projects", count)
    assert str(message) == text
    assert Message.from_json(message.to_json()) == message


def test_a_message_holds_messages_lists_and_localised_texts() -> None:
    message = say("%(inner)s: %(list)s, %(text)s", inner=say("Theme"), list=("a", 2), text=Localised(fr="eau", en="water"))
    assert str(message) == "Theme: a, 2, water"


def test_a_text_without_values_may_hold_any_sign() -> None:
    assert str(say("100 % sure")) == "100 % sure"


def test_what_is_no_stored_message_is_refused() -> None:
    with pytest.raises(ValueError, match="not a stored message value"):
        Message.from_json({"text": "x", "values": {"a": {"unknown": 1}}})
    with pytest.raises(KeyError):
        Message.from_json({})


def test_a_localised_text_falls_back_to_a_language_it_has() -> None:
    text = Localised(fr="eau", en="")
    assert text.best("en", "fr") == ("fr", "eau")
    assert text.best("de") == ("fr", "eau")
    assert Localised().best("fr") == ("", "")


class Dated(BaseModel):
    """A rule with a sentence of its own."""

    until: datetime

    @field_validator("until")
    @classmethod
    def _future(cls, until: datetime) -> datetime:
        raise wrong(say("Choose a day after %(day)s.", day=until.date()))


def test_a_validators_sentence_comes_out_of_pydantic_translatable() -> None:
    with pytest.raises(ValidationError, match="Choose a day after 2027-05-14") as refusal:
        Dated(until=datetime(2027, 5, 14, tzinfo=UTC))
    assert sentence_of(refusal.value.errors()[0]) == say("Choose a day after %(day)s.", day=date(2027, 5, 14))


def test_pydantics_own_errors_have_no_sentence() -> None:
    with pytest.raises(ValidationError) as refusal:
        Dated.model_validate({})
    assert sentence_of(refusal.value.errors()[0]) is None
