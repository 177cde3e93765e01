"""What a page prints in another language than its own says so, for whoever has it read aloud (WCAG 2.2, 3.1.2 "Language of Parts").

A text of the city exists in the languages in which the city wrote it; a sentence of ours may fall back to French. `say` prints either as
HTML, in a `<span lang>` where its language is not that of the page; in an attribute, a title or a choice, where no tag may stand, templates
use `t` or `plain`.
"""

from collections.abc import Callable
from numbers import Number

from markupsafe import Markup, escape

from app.core.messages import Message

Translate = Callable[[object], str]
Foreign = Callable[[object], str]


def show_of(
    translate: Translate, foreign: Foreign, shown: Callable[[object], object], as_they_are: tuple[type, ...]
) -> Callable[[object], Markup]:
    """The `say` and `show` of templates: print a Message, a text of the city, ready HTML or a plain text alike.

    `shown` makes what stands in the place of a sentence (an amount, a day) of a value; `as_they_are` is printed without a change.
    """

    def show(value: object) -> Markup:
        if isinstance(value, as_they_are):
            return escape(value)
        if code := foreign(value):
            return Markup('<span lang="{}">{}</span>').format(code, translate(value))
        if isinstance(value, Message) and any(foreign(part) for part in value.values.values()):
            sentence = escape(translate(Message(value.text, {}, value.plural, value.count)))
            return sentence % {name: show(part) if foreign(part) else shown(part) for name, part in value.values.items()}
        return escape(translate(value))

    return show


def plain_of(translate: Translate) -> Callable[[object], Markup]:
    """The `plain` of templates: as `show`, without any tag."""

    def plain(value: object) -> Markup:
        if isinstance(value, Markup) and "<" in value:
            return escape(value.striptags())
        return escape(value if isinstance(value, str | Number) else translate(value))

    return plain


def lang_of(foreign: Foreign) -> Callable[[object], Markup]:
    """The `lang_of` of templates: the attribute that says in which language a text is, nothing where it is that of the page."""
    return lambda value: Markup(' lang="{}"').format(code) if (code := foreign(value)) else Markup()


def in_lang_of(page: Callable[[], str]) -> Callable[[str | None, str | None], Markup]:
    """The `in_lang` of templates: words that somebody wrote in the language `code`, inside a sentence or a button of the page."""

    def in_lang(words: str | None, code: str | None) -> Markup:
        if not words or not code or code == page():
            return escape(words or "")
        return Markup('<span lang="{}">{}</span>').format(code, words)

    return in_lang
