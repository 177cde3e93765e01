"""What browsers are given from others is exactly what the table says, and no page needs anything else."""

from app.settings import ROOT
from tools.vendor import problems


def test_every_vendored_file_is_the_one_in_the_table() -> None:
    assert problems() == []


def test_the_weight_of_the_first_view_stays_small() -> None:
    """Own styles and script, before compression: a phone on a patchy network pays for each kilobyte."""
    css = sum((ROOT / "static" / name).stat().st_size for name in ("app.css", "parts.css"))
    assert css < 45_000
    assert (ROOT / "static" / "app.js").stat().st_size < 5_000
