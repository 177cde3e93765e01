"""What the templates of a page call hundreds of times, made quick: the same answers as Jinja's own ways, with fewer steps."""

from collections.abc import Callable
from functools import cache, lru_cache
from numbers import Number
from types import FunctionType
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

FLIPPED = frozenset({"arrow-right", "chevron-right", "chevron-left", "log-in", "log-out", "external-link"})
"""Drawings that point the other way on a page from right to left."""
PLAIN = (FunctionType, type(lru_cache(len)))
"""What is called with its arguments alone, unless it is marked for more."""
SENTENCES = 20_000
"""How many sentences of templates, in all languages, a process remembers as they are printed."""


class QuickContext(Context):
    """A context that knows at once how a macro or a plain function is called; anything else is asked as Jinja does."""

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls. `_block_vars` and `_loop_vars` are Jinja's own: only what takes the context needs them."""
        is_macro = isinstance(called, Macro)
        if is_macro or (type(called) in PLAIN and "jinja_pass_arg" not in called.__dict__):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(self.eval_ctx, *args, **kwargs) if is_macro else called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


def spoken_by(gettext: Callable[[str], str], language: Callable[[], str]) -> Callable[..., str]:
    """The `_` of templates: a sentence in the language being spoken, its places filled, each language's remembered once made."""

    @lru_cache(maxsize=SENTENCES)
    def marked(_tongue: str, text: str) -> Markup:
        return Markup(gettext(text))

    @lru_cache(maxsize=SENTENCES)
    def whole(_tongue: str, text: str) -> Markup:
        return marked(_tongue, text) % {}

    @pass_context
    def spoken(context: Context, text: str, **places: Any) -> str:
        if not context.eval_ctx.autoescape:
            return gettext(text) % places
        return marked(language(), text) % places if places else whole(language(), text)

    return spoken


def show_of(translate: Callable[[object], str]) -> Callable[[object], Markup]:
    """The `show` of templates: prints a Message, a text of the city, ready HTML or a plain text alike."""

    def show(value: object) -> Markup:
        return escape(value if isinstance(value, str | Number) else translate(value))

    return show


def icon_of(sheet: Callable[[str], str]) -> Callable[[str], Markup]:
    """The `icon` of templates: a drawing of the sprite. Decoration only, the words beside it carry the meaning."""

    @cache
    def icon(name: str) -> Markup:
        flip = " icon-flip" if name in FLIPPED else ""
        drawing = Markup('<svg class="icon{}" aria-hidden="true" focusable="false" width="20" height="20"><use href="{}#{}"></use></svg>')
        return drawing.format(flip, sheet("icons.svg"), name)

    return icon
