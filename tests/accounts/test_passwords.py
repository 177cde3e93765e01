"""Passwords: what is refused, in words; what is kept; equal work."""

import pytest

from app.accounts import passwords
from tests.cast import PASSWORD


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("trop court", "12 characters or more"),
        ("x" * 257, "256 characters at most"),
        ("MotDePasse2026!", "first that people guess"),
        ("Rennes-2026-Rennes", "first that people guess"),
        ("123456789012", "first that people guess"),
        ("abcabcabcabcabc", "repeats itself"),
        ("azertyuiopqsdf", "follows the keyboard"),
        ("Claire Le Goff 35", "your own name"),
        ("claire.le.goff@example.org", "your own name"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(typed: str, words: str) -> None:
    assert words in str(passwords.weakness(typed, "Claire Le Goff", "claire.le.goff@example.org"))


@pytest.mark.parametrize("typed", [PASSWORD, "Ti pod ar vro 12", "кот сидит на окне", "x7-Kq!wz03pM"])
def test_words_of_any_language_make_a_password(typed: str) -> None:
    assert passwords.weakness(typed, "Claire Le Goff", "claire@example.org") is None


def test_only_an_argon2id_hash_is_kept_with_the_settings_of_owasp() -> None:
    kept = passwords.hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.verify(PASSWORD, kept)
    assert not passwords.verify(PASSWORD + "x", kept)
    assert not passwords.needs_new_hash(kept)


def test_an_accent_typed_in_two_signs_is_the_same_accent() -> None:
    assert passwords.verify("l'e\u0301te\u0301 sera beau", passwords.hash_password("l'été sera beau"))


@pytest.mark.parametrize("kept", [None, "", "plain", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_hash_that_cannot_be_read_opens_nothing(kept: str | None) -> None:
    assert passwords.verify(PASSWORD, kept) is False
