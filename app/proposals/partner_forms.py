"""What is typed about the partner, and by the partner."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from app.accounts.forms import Email, Name
from app.core.forms import Form, Text, Tick
from app.core.messages import say
from app.core.sentences import wrong
from app.organisations.forms import at_most

OWN_NAMES: dict[str, str] = {
    "am": "አማርኛ", "ar": "العربية", "bm": "Bamanankan", "bn": "বাংলা", "en": "English", "es": "Español", "fa": "فارسی", "ff": "Pulaar",
    "fr": "Français", "ha": "Hausa", "hi": "हिन्दी", "ht": "Kreyòl ayisyen", "km": "ខ្មែរ", "lo": "ລາວ", "ln": "Lingála", "mg": "Malagasy",
    "my": "မြန်မာ", "ne": "नेपाली", "pt": "Português", "qu": "Runasimi", "rn": "Ikirundi", "ro": "Română", "rw": "Ikinyarwanda",
    "so": "Soomaali", "sw": "Kiswahili", "ta": "தமிழ்", "ti": "ትግርኛ", "tr": "Türkçe", "uk": "Українська", "ur": "اردو", "vi": "Tiếng Việt",
    "wo": "Wolof", "yo": "Yorùbá",
}  # fmt: skip
"""Languages a partner may write in, each under its own name."""


class InviteForm(Form):
    """Where the partner's link goes, and in which language its page speaks."""

    contact: Name
    email: Email
    language: Literal["fr", "en", "es"]


class StatementForm(Form):
    """The partner's own words, in the language it likes."""

    statement: Annotated[Text, at_most(2000)] = ""
    statement_language: Annotated[Text, Field(max_length=10)] = ""

    @field_validator("statement_language")
    @classmethod
    def _known(cls, value: str) -> str:
        if value and value not in OWN_NAMES:
            raise wrong(say("Choose one of the answers offered."))
        return value


class SignForm(StatementForm):
    """A signature: a name, a function, a box ticked, under the very letter that was shown (`letter`: its hash)."""

    name: Annotated[Text, Field(min_length=1), at_most(120)]
    function: Annotated[Text, Field(min_length=1), at_most(120)]
    agree: Annotated[Tick, Field(validate_default=True)] = False
    letter: Annotated[Text, Field(max_length=64)] = ""

    @field_validator("agree")
    @classmethod
    def _agreed(cls, value: bool) -> bool:
        if not value:
            raise wrong(say("Tick the box to sign the letter."))
        return value


class DeclineForm(Form):
    """Why the partner does not take part."""

    reason: Annotated[Text, Field(min_length=1), at_most(2000)]
