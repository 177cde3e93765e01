"""The shares of the opening key: any k give it, no k - 1 do, and what is wrong with one is said in one sentence."""

from __future__ import annotations

from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from app.core.messages import say
from app.core.problems import Invalid
from app.core.transparency.share_words import faults, words_of
from app.core.transparency.shares import combine, fingerprint, make_split_key, split, together

PRIVATE = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes_raw().hex()
KEY = split(PRIVATE, 3, 5)
TEXTS = [" ".join(words) for words in KEY.shares]
OTHER = [" ".join(words) for words in make_split_key(3, 5).shares]
NAME = say("Share %(number)d", number=1)


def refusal(texts: list[str], public: str | None = None) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        combine(texts, public)
    return {field: str(sentence) for field, sentence in caught.value.errors.items()}


def changed(text: str, place: int, word: str) -> str:
    words = text.split()
    words[place - 1] = word
    return " ".join(words)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_any_k_shares_give_the_key_and_fewer_do_not(data: st.DataObject) -> None:
    threshold = data.draw(st.integers(2, 6))
    count = data.draw(st.integers(threshold, 8))
    secret = data.draw(st.binary(min_size=32, max_size=32))
    key = split(X25519PrivateKey.from_private_bytes(secret), threshold, count)
    texts = [" ".join(key.shares[place]) for place in data.draw(st.permutations(range(count)))]
    many = data.draw(st.integers(threshold, count))
    assert combine(texts[:many], key.public).private_bytes_raw() == secret
    assert refusal(list(texts[: threshold - 1])) == {
        "": f"{threshold - 1} share{'s are' if threshold > 2 else ' is'} here, and {threshold} are needed."
    }


def test_every_three_of_five_open_and_every_two_do_not() -> None:
    for three in combinations(TEXTS, 3):
        assert combine(three, PUBLIC).private_bytes_raw() == PRIVATE.private_bytes_raw()
    for two in combinations(TEXTS, 2):
        assert "3 are needed" in refusal(list(two))[""]


def test_two_of_three_needed_open_nothing_even_when_they_claim_that_two_are_enough() -> None:
    for two in combinations(TEXTS, 2):
        claiming = [share.__class__(**{**share.__dict__, "member_threshold": 2}).mnemonic() for share in together(two)]
        assert "do not give one key" in refusal(claiming)[""]


def test_a_share_has_33_words_and_keys_are_never_the_same() -> None:
    assert {len(words) for words in KEY.shares} == {33}
    assert split(PRIVATE, 3, 5).shares != KEY.shares
    assert combine([" ".join(words) for words in split(PRIVATE, 16, 16).shares]).private_bytes_raw() == PRIVATE.private_bytes_raw()


@pytest.mark.parametrize(
    ("threshold", "count", "words"),
    [(1, 3, "at least 2"), (0, 3, "at least 2"), (4, 3, "4 shares cannot be needed where there are only 3"), (2, 17, "at most 16")],
)
def test_numbers_that_allow_no_safe_split_are_refused(threshold: int, count: int, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        make_split_key(threshold, count)


def test_one_share_alone_must_be_asked_for() -> None:
    key = make_split_key(1, 1, alone=True)
    assert combine([" ".join(key.shares[0])], key.public).public_key().public_bytes_raw().hex() == key.public
    for threshold, count in ((1, 2), (0, 1)):
        with pytest.raises(Invalid):
            make_split_key(threshold, count, alone=True)


def test_a_misspelt_word_is_named_with_its_place_and_the_nearest_word() -> None:
    word = TEXTS[1].split()[6]
    texts = [TEXTS[0], changed(TEXTS[1], 7, word + "x"), TEXTS[2]]
    assert refusal(texts) == {"share_2": f"Share 2, word 7: “{word}x” is not a word of the list. Is it “{word}”?"}
    assert refusal([changed(TEXTS[0], 1, "qqq")]) == {"share_1": "Share 1, word 1: “qqq” is not a word of the list."}


def test_each_wrong_share_has_its_own_sentence() -> None:
    found = refusal([changed(TEXTS[0], 2, "zzz"), TEXTS[1], " ".join(TEXTS[2].split()[:-1])])
    assert found["share_3"] == "Share 3 has 32 words, and 33 are needed. Compare it with the numbers on the page."
    assert set(found) == {"share_1", "share_3"}


@given(st.integers(1, 33), st.sampled_from(WORDLIST))
@settings(max_examples=150, deadline=None)
def test_a_word_of_the_list_in_the_wrong_place_is_located(place: int, word: str) -> None:
    assume(TEXTS[0].split()[place - 1] != word)
    found = refusal([changed(TEXTS[0], place, word)])
    assert found == {"share_1": f"Share 1, word {place}: “{word}” does not fit the other words. Read it again on the page."}


@given(st.integers(0, 32), st.integers(0, 32))
@settings(max_examples=60, deadline=None)
def test_two_words_that_changed_places_are_located(first: int, second: int) -> None:
    words = TEXTS[0].split()
    assume(words[first] != words[second])
    words[first], words[second] = words[second], words[first]
    low, high = sorted((first + 1, second + 1))
    assert refusal([" ".join(words)]) == {"share_1": f"Share 1: words {low} and {high} seem to have changed places."}


def test_several_wrong_words_are_refused_without_a_guess() -> None:
    text = TEXTS[0]
    for place in (3, 9, 20):
        text = changed(text, place, "academic" if text.split()[place - 1] != "academic" else "acid")
    assert "two words or more are wrong" in refusal([text])["share_1"]


def test_a_share_of_another_set_is_named() -> None:
    assert refusal([TEXTS[0], OTHER[1], TEXTS[2]]) == {"share_2": "Share 2 is of another set than the others: it belongs to another key."}


@pytest.mark.parametrize("texts", [(TEXTS[0], OTHER[1]), (OTHER[0], TEXTS[1]), (TEXTS[0], TEXTS[1], OTHER[0], OTHER[1])])
def test_where_nothing_tells_which_share_is_wrong_none_is_blamed(texts: tuple[str, ...]) -> None:
    assert [told.partition(",")[0] for told in refusal(list(texts)).values()] == ["These shares are of different keys"]


def test_the_same_share_twice_is_named() -> None:
    assert refusal([TEXTS[0], TEXTS[1], TEXTS[0]]) == {"share_3": "Share 1 and Share 3 are the same share."}


def test_a_forged_share_that_looks_right_opens_nothing() -> None:
    forged = together([TEXTS[3]])[0]
    other = forged.__class__(**{**forged.__dict__, "value": bytes(32)}).mnemonic()
    for texts in ([TEXTS[0], TEXTS[1], other], [*TEXTS[:3], other], [TEXTS[3], TEXTS[0], other]):
        assert "do not give one key" in refusal(texts)[""]


def test_shares_of_another_key_than_the_one_published_are_told() -> None:
    assert "make another key" in refusal(OTHER[:3], PUBLIC)[""]
    assert combine(TEXTS[:3], f" {PUBLIC.upper()}\n").private_bytes_raw() == PRIVATE.private_bytes_raw()


@pytest.mark.parametrize("text", ["", " \n", "1234 - 5"])
def test_nothing_is_no_share(text: str) -> None:
    assert refusal([text]) == {"share_1": "Share 1: there are no words."}
    assert refusal([]) == {"": "No share was given."}


def test_a_share_of_something_else_is_refused() -> None:
    from shamir_mnemonic import generate_mnemonics

    (short,) = generate_mnemonics(1, [(2, 2)], bytes(16))
    assert "has 20 words" in refusal(short)["share_1"]


def test_words_are_read_as_people_write_them() -> None:
    words = KEY.shares[0]
    columns = "\n".join("  ".join(f"{row + 1 + 11 * column:2}. {words[row + 11 * column]:10}" for column in range(3)) for row in range(11))
    for text in (TEXTS[0].upper(), ",\n".join(words), columns, f"Part de clé 1 sur 5, clé abcd 1234\n{columns}\nGardez-la."):
        assert words_of(text) == words
        assert not faults(words_of(text), NAME)


@given(st.text(max_size=400))
@settings(deadline=None)
def test_any_text_is_refused_with_a_sentence(text: str) -> None:
    assert refusal([text])["share_1"].startswith("Share 1")


def test_the_fingerprint_is_short_and_belongs_to_one_key() -> None:
    assert len(fingerprint(PUBLIC)) == 19
    assert fingerprint(PUBLIC) != fingerprint(make_split_key(2, 2).public)
