"""Two texts compared word by word."""

from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from app.core.differences import Part, word_diff


def joined(pieces: object, *parts: Part) -> str:
    return "".join(piece.text for piece in pieces if piece.part in parts)  # type: ignore[attr-defined]


def test_a_changed_word_is_taken_out_and_added_between_the_words_kept() -> None:
    pieces = word_diff("Trois puits pour le village", "Quatre puits pour le village voisin")
    assert [(piece.part.value, piece.text) for piece in pieces] == [
        ("taken_out", "Trois"), ("added", "Quatre"), ("kept", " puits pour le village"), ("added", " voisin"),
    ]  # fmt: skip


@given(st.text(alphabet="ab \n", max_size=60), st.text(alphabet="ab \n", max_size=60))
def test_both_texts_can_be_read_from_the_pieces(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert joined(pieces, Part.KEPT, Part.TAKEN_OUT) == before
    assert joined(pieces, Part.KEPT, Part.ADDED) == after


def test_no_text_takes_more_than_a_blink() -> None:
    begun = perf_counter()
    for before, after in (("a " * 4000, "b a " * 2000), (" ".join(map(str, range(1600))), " ".join(map(str, range(1600, 0, -1))))):
        word_diff(before, after)
    assert perf_counter() - begun < 2
