"""The page that checks an election speaks five languages wholly, and opens in the one that its reader reads."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from app.settings import ROOT
from tests.core.attacks import target
from tests.core.bundles import Poll
from tests.journeys.conftest import axe
from tests.journeys.test_verifier_page import ask, checker, tampered

__all__ = ["checker"]
PAGE = ROOT / "static/verify/index.html"
LANGUAGES = ["fr", "en", "es", "it", "de"]
SPOKEN = {
    "es": ("Comprobar una votación", "Comprobar", "Todo lo que se puede comprobar se cumple.", "Lo que no se cumple: V6."),
    "it": ("Verificare una votazione", "Verificare", "Tutto ciò che si può verificare è in ordine.", "Ciò che non è in ordine: V6."),
    "de": ("Eine Abstimmung prüfen", "Prüfen", "Alles, was sich prüfen lässt, stimmt.", "Was nicht stimmt: V6."),
}


@pytest.fixture
def poll() -> Poll:
    return target({"change": False, "discreet": False})


@contextmanager
def opened(browser: Browser, asked: str, wishes: str) -> Iterator[Page]:
    """The page, asked for in a language, in a browser that wishes another. Any error of the page fails the test."""
    context = browser.new_context(offline=True, locale=wishes, viewport={"width": 360, "height": 740})
    page, faults = context.new_page(), list[str]()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{PAGE.as_uri()}{asked}")
    try:
        yield page
    finally:
        context.close()
    assert faults == []


def places(sentence: str) -> Counter[str]:
    return Counter(re.findall(r"\{\w*\}", sentence))


def test_each_sentence_stands_in_every_language_with_the_same_places(checker: Page) -> None:
    languages, words = checker.evaluate("[LANGUAGES, WORDS]")
    assert languages == list(words) == LANGUAGES
    for language, sentences in words.items():
        assert list(sentences) == list(words["fr"]), f"{language}: the sentences of words.js, in its order"
        for key, sentence in sentences.items():
            assert places(sentence) == places(words["en"][key]), (language, key)
            assert [sentence.endswith(sign) for sign in ".…"] == [words["en"][key].endswith(sign) for sign in ".…"], (language, key)
            assert language in ("fr", "en") or sentence not in ("", words["fr"][key], words["en"][key]) or key == "in_file", (language, key)
            assert language == "fr" or not re.search(r" [:;?!]|'|\s{2}", sentence), (language, key)


def test_a_sentence_that_is_missing_is_an_error_and_never_an_empty_place(checker: Page) -> None:
    said = checker.evaluate("() => { delete WORDS.de.V3; try { say('V3'); } catch (fault) { return fault.message; } }")
    assert said == "no words for V3 (de)"


def test_each_fixed_part_of_the_page_stands_in_every_language() -> None:
    html = PAGE.read_text()
    found = re.findall(r'<[^>]* lang="(\w+)"', html.partition("<body>")[2])
    assert found == LANGUAGES * (len(found) // 5)
    lists = [part.count("<li>") for part in re.findall(r"<ul lang=.*?</ul>", html, re.DOTALL)]
    assert lists == [4] * 5
    scripts = re.findall(r'src="../../(static/verify/words[\w-]*\.js)"', html)
    assert sorted(scripts) == sorted(one.relative_to(ROOT).as_posix() for one in PAGE.parent.glob("words*.js"))


@pytest.mark.parametrize("language", list(SPOKEN))
def test_asked_for_in_a_language_it_speaks_it_to_the_end(language: str, browser: Browser, poll: Poll) -> None:
    title, check, good, bad = SPOKEN[language]
    with opened(browser, f"?lang={language}", "fr-FR") as page:
        expect(page.get_by_role("heading", name=title, level=1, exact=True)).to_be_visible()
        expect(page).to_have_title(title)
        ask(page, check, poll.bundle())
        expect(page.locator("#verdict")).to_have_text(good)
        expect(page.locator("#checks > .fails")).to_have_count(0)
        said = page.evaluate("Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`V${at + 1}`, say(`V${at + 1}`)]))")
        assert page.locator("#checks h3").all_inner_texts() == [f"{id} {title[language]}" for id, title in said.items()]
        assert {one.get_attribute("lang") for one in page.locator("main [lang]").all() if one.is_visible()} == {language}
        assert axe(page) == []
        ask(page, check, tampered(poll))
        expect(page.locator("#verdict")).to_contain_text(bad)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        expect(page.get_by_role("button", pressed=True)).to_have_attribute("data-speak", language)
        assert page.evaluate("document.documentElement.lang") == language


OPENED = [
    ("?lang=fr%40falc", "de-DE", "fr"),
    ("?lang=de", "fr-FR", "de"),
    ("?lang=ar", "it-IT", "it"),
    ("?lang=ar", "pl-PL", "fr"),
    ("", "es-MX", "es"),
]


@pytest.mark.parametrize(("asked", "wishes", "spoken"), OPENED)
def test_it_opens_as_asked_else_as_the_browser_wishes_else_in_french(asked: str, wishes: str, spoken: str, browser: Browser) -> None:
    with opened(browser, asked, wishes) as page:
        assert page.evaluate("document.documentElement.lang") == spoken
        expect(page.locator("#back")).to_be_hidden()


def test_numbers_and_sums_are_written_as_each_language_writes_them(checker: Page) -> None:
    sums = "spent: money(150050, 'EUR'), budget: money(200000, 'EUR')"
    said: dict[str, str] = checker.evaluate(f"say('counted', {{ ballots: 12345, winners: 2, {sums} }})")
    assert {language: re.sub(r"\s", " ", one) for language, one in said.items()} == {
        "fr": "Bulletins recomptés : 12 345. Projets retenus : 2, pour 1 500,50 € sur 2 000 €.",
        "en": "Ballots counted again: 12,345. Winning projects: 2, for €1,500.50 of €2,000.",
        "es": "Papeletas contadas de nuevo: 12.345. Proyectos elegidos: 2, por 1500,50 € de 2000 €.",
        "it": "Schede ricontate: 12.345. Progetti selezionati: 2, per 1500,50 € su 2000 €.",
        "de": "Neu ausgezählte Stimmzettel: 12.345. Gewählte Projekte: 2, für 1.500,50 € von 2.000 €.",
    }
