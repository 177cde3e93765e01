"""What the templates of a page call hundreds of times, made quick: the same answers as Jinja's own ways, with fewer steps."""

from collections.abc import Callable
from functools import cache, lru_cache
from threading import Lock
from types import FunctionType
from typing import Any

from jinja2 import Template, pass_eval_context
from jinja2.environment import TemplateModule
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup

FLIPPED = frozenset({"arrow-right", "chevron-right", "chevron-left", "log-in", "log-out", "external-link"})
"""Drawings that point the other way on a page from right to left."""
PLAIN = (FunctionType, type(lru_cache(len)))
"""What is called with its arguments alone, unless it is marked for more."""
SENTENCES = 20_000
"""How many sentences of templates, in all languages, a process remembers as they are printed."""
CARDS = 3_000
"""How many cards of projects it remembers: some 2,000 characters each."""


class QuickContext(Context):
    """A context that knows at once how a macro or a plain function is called; anything else is asked as Jinja does."""

    def call(self, called: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls. `_block_vars` and `_loop_vars` are Jinja's own: only what takes the context needs them."""
        takes_mode = isinstance(called, TAKES_MODE)
        if takes_mode or (type(called) in PLAIN and "jinja_pass_arg" not in called.__dict__):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(self.eval_ctx, *args, **kwargs) if takes_mode else called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


class Spoken:
    """The `_` of templates: a sentence in the language being spoken, its places filled; each is remembered as it is printed."""

    def __init__(self, gettext: Callable[[str], str], language: Callable[[], str]) -> None:
        self._gettext, self._language = gettext, language
        self._marked = lru_cache(maxsize=SENTENCES)(lambda _tongue, text: Markup(gettext(text)))
        self._whole = lru_cache(maxsize=SENTENCES)(lambda tongue, text: self._marked(tongue, text) % {})

    @pass_eval_context
    def __call__(self, mode: EvalContext, text: str, /, **places: Any) -> str:
        if not mode.autoescape:
            return self._gettext(text) % places
        known: Markup = self._marked(self._language(), text) % places if places else self._whole(self._language(), text)
        return known


def icon_of(sheet: Callable[[str], str]) -> Callable[[str], Markup]:
    """The `icon` of templates: a drawing of the sprite. Decoration only, the words beside it carry the meaning."""

    @cache
    def icon(name: str) -> Markup:
        flip = " icon-flip" if name in FLIPPED else ""
        drawing = Markup('<svg class="icon{}" aria-hidden="true" focusable="false" width="20" height="20"><use href="{}#{}"></use></svg>')
        return drawing.format(flip, sheet("icons.svg"), name)

    return icon


class DrawnOnce:
    """The `drawn_once` of templates: what a macro makes of a frozen value, made once in each language. The same cards stand in many lists.

    Only for a macro that looks at this value and at the language, at nothing else of the page.
    """

    def __init__(self, language: Callable[[], str], room: int = CARDS) -> None:
        self._language, self._room, self._lock = language, room, Lock()
        self._kept: dict[tuple[str, str, str], str] = {}

    def __call__(self, macro: Macro, value: object) -> str:
        key = (macro.name, self._language(), repr(value))
        if (known := self._kept.get(key)) is not None:
            return known
        made = macro(value)
        with self._lock:
            if len(self._kept) >= self._room:
                self._kept.clear()
            self._kept[key] = made
        return made


class DrawnWith:
    """The `drawn_with` of templates: what a macro makes of a value that many pages share, kept with that value as long as it lives.

    `name` tells the parts of a page apart. Only for a macro that looks at what belongs to the value and at the language, at nothing else.
    """

    def __init__(self, language: Callable[[], str]) -> None:
        self._language = language

    def __call__(self, value: object, name: str, macro: Macro, /, *args: Any, **kwargs: Any) -> str:
        kept: dict[tuple[str, str], str] = value.__dict__.setdefault("drawn_parts", {})
        key = (name, self._language())
        if key not in kept:
            kept[key] = macro(*args, **kwargs)
        return kept[key]


class OwnTemplate(Template):
    """A template whose imports are made once: all templates of our environment know the same names, none brings more."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        if self._module is None:
            self._module = self.make_module()
        return self._module


TAKES_MODE = (Macro, Spoken)
"""What is told first whether the text around it is HTML."""
