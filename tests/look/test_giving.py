"""The city's name, sign and colour: given by an administrator, refused where they could not be read."""

import re

import pytest

from app.core.forms import read
from app.core.permissions import Role
from app.core.problems import Invalid, Refused
from app.ledger.models import Entry
from app.look.colours import sheet
from app.look.models import SiteSign
from app.look.service import SMALL_ENOUGH, LookForm, look_of, remove_sign, set_look, set_sign
from app.unit import Work
from tests.cast import Cast
from tests.proposals.bombs import picture
from tests.voting.poll import all_rows


def test_the_look_is_kept_and_stands_in_the_journal(unit: Work, cast: Cast) -> None:
    sophie = cast.official()
    assert look_of(unit) is None
    set_look(unit, read(LookForm, {"name": "Rennes participe", "colour": "c8102e"}), by=sophie)
    set_look(unit, read(LookForm, {"name": "Rennes participe", "colour": "#0055A4"}), by=sophie)
    look = look_of(unit)
    assert look is not None
    assert (look.name, look.colour) == ("Rennes participe", "#0055A4")
    assert [entry.event for entry in all_rows(unit, Entry) if entry.event.startswith("look")] == ["look:set"] * 2


def test_only_administrators_set_it(unit: Work, cast: Cast) -> None:
    publisher = cast.official(Role.PUBLISHER, email="p@example.org")
    with pytest.raises(Refused):
        set_look(unit, LookForm(), by=publisher)
    with pytest.raises(Refused):
        set_sign(unit, "a.png", picture("PNG"), by=publisher)
    with pytest.raises(Refused):
        remove_sign(unit, by=publisher)


@pytest.mark.parametrize(("colour", "said"), [("#FFF9C4", "too pale"), ("red", "six signs"), ("#12345G", "six signs")])
def test_a_colour_that_cannot_be_read_is_refused_with_a_sentence(colour: str, said: str) -> None:
    with pytest.raises(Invalid) as problem:
        read(LookForm, {"colour": colour})
    assert said in problem.value.errors["colour"].text


def test_a_new_sign_takes_the_place_of_the_old_one_and_a_pdf_is_none(unit: Work, cast: Cast) -> None:
    sophie = cast.official()
    set_sign(unit, "logo.png", picture("PNG"), by=sophie)
    set_sign(unit, "logo.jpg", picture("JPEG"), by=sophie)
    kept = all_rows(unit, SiteSign)
    assert [one.media_type for one in kept] == ["image/jpeg"]
    look = look_of(unit)
    assert look is not None
    assert look.sign_hash == kept[0].hash
    with pytest.raises(Invalid) as problem:
        set_sign(unit, "logo.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF\n", by=sophie)
    assert "picture" in problem.value.errors["file"].text
    remove_sign(unit, by=sophie)
    assert (look.sign_hash, all_rows(unit, SiteSign)) == ("", [])


def test_a_heavy_sign_is_refused(unit: Work, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.look.service.SMALL_ENOUGH", 10)
    with pytest.raises(Invalid) as problem:
        set_sign(unit, "logo.png", picture("PNG"), by=cast.official())
    assert "kB" in problem.value.errors["file"].text
    assert SMALL_ENOUGH == 200_000


def test_the_sheet_of_a_colour_sets_three_tokens_and_nothing_else() -> None:
    css = sheet("#C8102E")
    assert set(re.findall(r"--[\w-]+", css)) == {"--brand", "--on-brand", "--soft"}
    assert "url(" not in css
    assert css.count("{") == css.count("}")
