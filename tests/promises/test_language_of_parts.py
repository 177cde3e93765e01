"""What is printed in another language than the page says which; no tag stands where none may: in attributes, titles and choices."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from markupsafe import Markup

from app.core.messages import Localised, say
from app.editions.models import Edition
from app.rendering import environment, speaking
from app.settings import ROOT
from app.unit import Work, work
from tests.cast import Cast

MARK = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
NO_TAGS_INSIDE = frozenset({"option", "textarea", "title", "text", "tspan", "desc", "script", "style"})
FRENCH = Localised(fr="Eau & climat")


class Places:
    """Where in the HTML around it a printed expression stands: in a tag, in an element that holds plain text alone, or in a text."""

    def __init__(self) -> None:
        self.in_tag, self.quote, self.naming, self.name, self.open = False, "", False, "", list[str]()

    def read(self, html: str) -> None:
        """Go on through what stands between two marks of the template."""
        for at, sign in enumerate(html):
            if self.quote:
                self.quote = "" if sign == self.quote else self.quote
            elif self.in_tag and sign == ">":
                self._ended()
            elif self.in_tag:
                self.quote = sign if sign in "\"'" else ""
                self.naming = self.naming and not sign.isspace()
                self.name += sign.lower() if self.naming else ""
            elif sign == "<" and (html[at + 1 : at + 2].isalpha() or html[at + 1 : at + 2] in ("/", "!")):
                self.in_tag, self.naming, self.name = True, True, ""

    def _ended(self) -> None:
        self.in_tag = False
        if self.name in NO_TAGS_INSIDE:
            self.open.append(self.name)
        elif self.open and self.name == f"/{self.open[-1]}":
            self.open.pop()

    @property
    def plain(self) -> bool:
        """Whether no tag may stand here."""
        return self.in_tag or bool(self.open)


def printed(source: str) -> Iterator[tuple[str, bool]]:
    """Every expression that a template prints, and whether no tag may stand there."""
    places, end, titles = Places(), 0, list[bool]()
    for mark in MARK.finditer(source):
        places.read(source[end : mark.start()])
        end = mark.end()
        if mark.group().startswith("{{"):
            yield mark.group(), places.plain or any(titles)
        elif word := re.match(r"\{%-?\s*(block|endblock)\b\s*(\w*)", mark.group()):
            titles.append(word[2] == "title") if word[1] == "block" else titles.pop()


def test_no_template_prints_a_tag_where_none_may_stand() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {expression}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for expression, plain in printed(path.read_text())
        if plain and re.search(r"(?<![\w.])(say|show|in_lang)\(", expression)
    ]
    assert wrong == []


def test_the_places_of_a_template_are_told_apart() -> None:
    source = (
        "{% block title %}{{ say(a) }}{% endblock %}<p title=\"{{ say(b) }}\" {{ say(c) }}>{{ say(d) }} 1 < 2 {{ say(e) }}</p>"
        "<option value='>'>{{ say(f) }}</option>{% if x %}<b>{% endif %}{{ say(g) }}"
    )
    assert [plain for _, plain in printed(source)] == [True, True, True, False, False, True, False]


@pytest.mark.parametrize(
    ("language", "value", "said"),
    [
        ("fr", FRENCH, "Eau &amp; climat"),
        ("fr@falc", FRENCH, "Eau &amp; climat"),
        ("en", FRENCH, '<span lang="fr">Eau &amp; climat</span>'),
        ("en", Localised(fr="Eau", en="Water"), "Water"),
        ("de", Localised(en="Water"), '<span lang="en">Water</span>'),
        ("en", say("Theme: %(theme)s", theme=FRENCH), 'Theme: <span lang="fr">Eau &amp; climat</span>'),
        ("en", say("Saved."), "Saved."),
        ("fr", 12_000, "12\u202f000"),
        ("fr", 1.5, "1,5"),
        ("en", "<b>", "&lt;b&gt;"),
        ("en", Markup("<b>x</b>"), "<b>x</b>"),
        ("en", Localised(), ""),
    ],
)  # fmt: skip
def test_a_text_in_another_language_is_marked(language: str, value: object, said: str) -> None:
    with speaking(language):
        assert environment().from_string("{{ say(value) }}").render(value=value) == said


def test_a_sentence_that_arabic_borrows_from_french_is_marked() -> None:
    with speaking("ar"):
        made = environment().from_string("{{ say(value) }}").render(value=say("Your vote is recorded"))
        borrowed = environment().from_string("{{ say(value) }}").render(value=say("Confirmed by a second person: it is done."))
        named = say("%(number)d. %(name)s", number=6, name=Localised(ar="ماء"))
        only_names = environment().from_string("{{ say(value) }}").render(value=named)
    assert "<span" not in made
    assert only_names == "6. ماء"
    assert borrowed.startswith('<span lang="fr">')


def test_in_an_attribute_the_words_stand_alone() -> None:
    text = '{% from "components/show.html" import plain %}{{ plain(value) }}'
    with speaking("en"):
        for value in (FRENCH, Markup('<span lang="fr">Eau &amp; climat</span>'), "Eau & climat"):
            assert environment().from_string(text).render(value=value) == "Eau &amp; climat"
        assert environment().from_string("<div{{ lang_of(a) }}{{ lang_of(b) }}>").render(a=FRENCH, b=say("Saved.")) == '<div lang="fr">'


def test_words_of_people_bear_the_language_in_which_they_write() -> None:
    text = "{{ in_lang(words, code) }}"
    with speaking("en"):
        for words, code, said in (
            ("<b>", "fr", '<span lang="fr">&lt;b&gt;</span>'), ("<b>", "en", "&lt;b&gt;"), ("x", None, "x"), (None, "fr", ""),
        ):  # fmt: skip
            assert environment().from_string(text).render(words=words, code=code) == said


def test_pages_in_english_mark_what_the_city_wrote_in_french_alone(client: TestClient, cast: Cast) -> None:
    edition = cast.edition()
    with work(cast.engine) as unit:
        _in_french_alone(unit, edition.id or 0)
    home = f"/editions/{edition.slug}"
    for path in ("/", "/editions", home, f"{home}/projects?order=1", f"{home}/rules"):
        page = client.get(path, headers={"Accept-Language": "en"}).text
        assert '<span lang="fr">Édition d’ici</span>' in page, path
        for inside in re.findall(r'="([^"]*)"|<title>([^<]*<.*?)</title>|<option[^>]*>([^<]*<span.*?)</option>', page):
            assert not any("<span" in one or "&lt;span" in one for one in inside), (path, inside)
    assert '<div class="lead" lang="fr"><p>Bienvenue</p>' in client.get(home, headers={"Accept-Language": "en"}).text
    assert 'lang="fr">Édition d’ici' not in client.get(home, headers={"Accept-Language": "fr"}).text


def _in_french_alone(unit: Work, edition_id: int) -> None:
    edition = unit.db.get_one(Edition, edition_id)
    edition.name, edition.introduction = Localised(fr="Édition d’ici"), Localised(fr="Bienvenue")
