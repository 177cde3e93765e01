"""Every sentence exists in every language, every template parses, every e-mail has its three parts."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.core.messages import Localised, say
from app.rendering import FALLBACK, LANGUAGES, WHOLE, base_of, environment, speaking, translate, translations
from app.rich_text import APART, TOGETHER, rich
from app.settings import ROOT
from app.uploads import NOT_ACCEPTED

KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "say": None, "say_count": (1, 2)}
TRANSLATED = [language for language in LANGUAGES if language != "en"]
COMPLETE = [language for language in WHOLE if language != "en"]
BALLOT = (
    "templates/booth/", "templates/identification/", "app/pages/identification.py", "app/pages/booth", "app/pages/ballot_change.py",
    "app/pages/receipts.py", "app/voting/service.py", "app/voting/box.py", "app/core/ballots/basket.py", "app/core/ballots/style.py",
    "app/core/ballots/approval.py", "app/core/ballots/knapsack.py", "app/core/ballots/points.py", "app/core/ballots/ranking.py",
    "app/core/ballots/grade", "app/core/ballots/for_against.py", "app/core/ballots/star.py", "app/core/ballots/ballot_style.py",
    "app/results/rule_brief.py", "templates/emails/voting-code/", "app/electorate/service.py", "app/electorate/forms.py",
    "app/core/forms.py", "app/core/ballots/part.py", "app/core/ballots/scoped.py", "app/voting/casting.py", "app/voting/changing.py",
    "app/voting/sealing.py", "templates/emails/_layout",
)  # fmt: skip
"""Where the sentences of the resident's way stand, from the poster to the receipt."""
READING = (
    "templates/base.html", "templates/components/", "templates/home/", "templates/errors/", "templates/editions/",
    "templates/projects/", "templates/results/", "templates/following/", "templates/emails/_parts", "templates/emails/follow-confirm/",
    "templates/emails/edition-news/", "templates/emails/project-moved/", "templates/log/", "app/polls/public_log.py",
    "app/core/lifecycle/", "app/editions/calls.py", "app/editions/spoken.py", "app/results/words.py", "app/pages/results.py",
    "app/core/calendar/phases.py", "app/core/envelope/terms.py", "app/core/envelope/rule.py", "app/accessibility.py",
)  # fmt: skip
"""Beside it: the projects before, the result after, and the news of them by e-mail."""
TOLD = (
    "app/rendering.py", "app/results/rule_words.py", "app/results/replaying.py", "app/results/queries.py", "app/results/euro.py",
    "app/core/tally/greedy_reasons.py", "app/core/tally/barred.py", "app/core/tally/limit_words.py", "app/core/tally/shares_reasons.py",
    "app/core/tally/majority_reasons.py", "app/core/tally/reasons.py", "app/core/tally/ballot_story.py", "app/review/history.py",
    "app/review/public.py", "app/review/vetoes.py", "app/http/problems.py", "app/editions/queries.py", "app/core/eligibility/",
    "app/review/jury/models.py", "app/review/jury/public.py", "app/editions/reference.py",
    "templates/simulations/show", "templates/simulations/_rules", "templates/simulations/_tables", "app/core/tally/comparison",
    "app/core/formats/comparison_json",
)  # fmt: skip
"""And the sentences of the count, of the rules and of a project's life that those pages tell."""
PARTLY = {"ar": BALLOT + READING + TOLD, "fr@falc": BALLOT}
PLACE = re.compile(r"%\((\w+)\)[sd]")


@cache
def sentences() -> dict[str | tuple[str, ...], set[str]]:
    """Every message id in the code and the templates, with the files in which it stands."""
    methods = [("app/**.py", "python"), ("templates/**", "jinja2")]
    options = {"templates/**": {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.i18n,jinja2.ext.do"}}
    found = extract_from_dir(
        ROOT, method_map=methods, options_map=options, keywords=KEYWORDS, directory_filter=lambda path: ".venv" not in path
    )
    known: dict[str | tuple[str, ...], set[str]] = {}
    for file, _, message, _, _ in found:
        known.setdefault(message, set()).add(file)
    return known


@cache
def catalogues(language: str) -> dict[Path, Catalog]:
    read = {}
    for path in sorted((ROOT / "app" / "locales" / language).glob("*.po")):
        with path.open("rb") as file:
            read[path] = read_po(file, locale=base_of(language), abort_invalid=True)
    return read


def known(language: str) -> dict[str, str | tuple[str, ...]]:
    return {
        (m.id[0] if isinstance(m.id, tuple) else m.id): m.string for c in catalogues(language).values() for m in c if m.id and not m.fuzzy
    }


def first(message: str | tuple[str, ...]) -> str:
    return message[0] if isinstance(message, tuple) else message


@pytest.mark.parametrize("language", COMPLETE)
def test_every_sentence_is_translated(language: str) -> None:
    texts = known(language)
    missing = sorted(first(message) for message in sentences() if first(message) and not all(_parts(texts.get(first(message), ""))))
    assert missing == []


@pytest.mark.parametrize("language", list(FALLBACK))
def test_the_residents_way_is_translated(language: str) -> None:
    texts = known(language)
    wanted = {first(message) for message, files in sentences().items() if any(file.startswith(PARTLY[language]) for file in files)}
    assert sorted(text for text in wanted if text and not all(_parts(texts.get(text, "")))) == []


def _parts(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def test_a_borrowed_sentence_is_set_apart_on_a_page_from_right_to_left() -> None:
    ours, theirs, text = say("Vote now"), NOT_ACCEPTED, Localised(fr="Un euro (pour vous).")
    with speaking("ar"):
        assert APART not in translate(ours)
        assert translate(theirs) == f"{APART}{translations('fr').gettext(theirs.text)}{TOGETHER}"
        assert translate(text) == f"{APART}Un euro (pour vous).{TOGETHER}"
        assert rich(translate(Localised(fr="- un"))) == '<div dir="auto"><ul>\n<li>un</li>\n</ul>\n</div>'
        assert translate(("Un forage", 2)) == f"{APART}Un forage{TOGETHER} و2"
    with speaking("fr@falc"):
        assert APART not in translate(theirs) + translate(text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_two_catalogues_disagree(language: str) -> None:
    seen: dict[str, tuple[Path, object]] = {}
    clashes = []
    for path, catalogue in catalogues(language).items():
        for message in catalogue:
            if message.id:
                key = first(message.id)
                if key in seen and seen[key][1] != message.string:
                    clashes.append((key, path.name, seen[key][0].name))
                seen.setdefault(key, (path, message.string))
    assert clashes == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_places_of_values(language: str) -> None:
    wrong = []
    for catalogue in catalogues(language).values():
        for message in catalogue:
            wanted = {place for part in _parts(message.id) for place in PLACE.findall(part)}
            for text in _parts(message.string):
                if not set(PLACE.findall(text)) <= wanted:
                    wrong.append((first(message.id), text))
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_behind(language: str) -> None:
    used = {first(message) for message in sentences()}
    assert sorted(set(known(language)) - used) == []


TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_template_parses_and_is_safe(path: Path) -> None:
    text = path.read_text()
    environment().parse(text)
    if path.suffix == ".html":
        assert "|safe" not in text.replace(" ", "")
        mail = "emails" in path.parts
        assert mail or not re.search(r"""\s(style|on[a-z]+|hx-on[^=]*)=["']""", text), (
            "the Content-Security-Policy forbids inline style and script"
        )
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)
        assert not re.search(r"""(src|href)=["']https?://(?!\{)""", text) or mail, "no address of another site in a page"


@pytest.mark.parametrize("folder", sorted(p for p in (ROOT / "templates" / "emails").iterdir() if p.is_dir()), ids=lambda path: path.name)
def test_every_email_has_a_subject_a_text_and_a_page(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"subject.txt", "body.txt", "body.html"}


@pytest.mark.parametrize("language", ["fr", "fr@falc"])
def test_no_line_of_french_begins_with_a_colon_or_ends_with_an_opening_mark(language: str) -> None:
    """Whatever space was typed in the catalogue."""
    with speaking(language):
        told = {one: translate(say(one)) for one in sentences() if isinstance(one, str)}
    loose = {one: text for one, text in told.items() if text != one and re.search(r" [:;?!»]|« ", text)}
    assert loose == {}
    assert any("\u00a0:" in text for text in told.values())
    assert any("\u202f?" in text for text in told.values())
