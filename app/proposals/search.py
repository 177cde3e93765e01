"""The search of projects: words without accents, cut to their stems, so that "ecole" finds "écoles"."""

import unicodedata
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from app.proposals.guarding import public_partner, public_place
from app.proposals.models import Proposal

STEMMERS = {"fr": "french", "en": "english"}
MAX_WORDS = 10


def bare(text: str) -> str:
    """Lower case without accents; whatever is no letter or digit becomes a space."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))


def stems(text: str, language: str) -> list[str]:
    """The stem of each word, without accents; accents go first, so that a search typed without them meets the same stem."""
    return [_stem(word, STEMMERS.get(language, "french")) for word in bare(text).split()]


@lru_cache(maxsize=20_000)
def _stem(word: str, algorithm: str) -> str:
    """The stem of one bare word. Files say the same few thousand words, and to cut one takes a tenth of a millisecond."""
    stemmer = snowballstemmer.stemmer(algorithm)  # one for each word: it keeps state between letters
    return bare(stemmer.stemWord(word)).replace(" ", "")


def search_text_for(proposal: Proposal, *more: str) -> str:
    """What is searched for a file: the stems of its texts and of `more` (the carrier's name, the country's), each once."""
    texts = (proposal.title, proposal.summary, proposal.description, public_place(proposal), public_partner(proposal), *more)
    return f" {' '.join(dict.fromkeys(stems(' '.join(texts), proposal.language)))} "


def matches(text: str, language: str) -> list[str]:
    """The stems to look for in `Proposal.search_text`, at most ten; the start of a word is enough."""
    return [stem for stem in dict.fromkeys(stems(text[:200], language)) if stem][:MAX_WORDS]
