"""Text by users as HTML: Markdown, then an allow-list of harmless tags."""

from functools import lru_cache

from markdown_it import MarkdownIt
from markupsafe import Markup
from nh3 import clean

APART, TOGETHER = "\u2068", "\u2069"
"""First strong isolate and its end (Unicode UAX 9): what stands between them is laid out by its own direction."""
RICH_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "h3", "h4", "blockquote"}
TEXTS = 500
"""How many texts a process remembers as HTML."""


@lru_cache(maxsize=TEXTS)
def rich(text: str) -> Markup:
    """Markdown as HTML. No image, no style, no attribute but a safe href."""
    if text.startswith(APART):
        return Markup('<div dir="auto">{}</div>').format(rich(text.removeprefix(APART).removesuffix(TOGETHER)))
    html = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True}).render(text)
    schemes = {"http", "https", "mailto"}
    return Markup(clean(html, tags=RICH_TAGS, attributes={"a": {"href"}}, url_schemes=schemes, link_rel="nofollow noopener"))
