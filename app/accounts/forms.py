"""What people send about their account: registering, signing in, passwords, and the roles of staff."""

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, EmailStr, Field, ValidationInfo

from app.accounts.passwords import weakness
from app.core.forms import Form, Text
from app.core.messages import say
from app.core.permissions import Role
from app.core.sentences import wrong
from app.rendering import LANGUAGES

TURNS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
"""Signs that turn the direction of the text after them, and so can disguise a name."""


def normalised(email: Any) -> Any:
    """The one form of an address that is stored and compared: NFKC, case folded, NFKC again (folding may undo it)."""
    if not isinstance(email, str):
        return email
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", email).casefold()).strip()


def _one_line(value: str) -> str:
    """Names stand in headers of e-mails and in lists: no line end, no invisible control character."""
    if any(unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Cs") or sign in TURNS for sign in value):
        raise wrong(say("Write this on one line, without special characters."))
    if "://" in value or "www." in value.casefold():
        raise wrong(say("Write a name here, not a web address."))
    return value


def _offered(value: str) -> str:
    if value not in LANGUAGES:
        raise wrong(say("Choose one of the answers offered."))
    return value


Email = Annotated[EmailStr, BeforeValidator(normalised), Field(max_length=254)]
"""A full address, in the form that is stored."""
LooseEmail = Annotated[str, BeforeValidator(normalised), Field(max_length=254)]
"""An address to look up: one that is no address is simply not found."""
Name = Annotated[Text, AfterValidator(_one_line), Field(min_length=1, max_length=120)]
Secret = Annotated[str, Field(min_length=1, max_length=2000)]
"""A password as typed. What is asked of a new one is said by `passwords.weakness`, in words."""
Language = Annotated[str, AfterValidator(_offered)]


def _strong(password: str, others: ValidationInfo) -> str:
    about = (str(others.data[name]) for name in ("name", "email") if name in others.data)
    if (reason := weakness(password, *about)) is not None:
        raise wrong(reason)
    return password


class RegisterForm(Form):
    """A new account. The password is judged last: it may not be the name or the address."""

    name: Name
    email: Email
    password: Annotated[Secret, AfterValidator(_strong)]


class SignInForm(Form):
    """Signing in; `next` is the page the person was on the way to."""

    email: LooseEmail
    password: Secret
    next: str = ""


class AddressForm(Form):
    """An address to which a link is sent."""

    email: Email


class NewPasswordForm(Form):
    """A new password, chosen through a link."""

    password: Secret


class ChangePasswordForm(Form):
    """A new password, chosen by someone who knows the present one."""

    current: Secret
    password: Secret


class ProfileForm(Form):
    """How a person is named and written to."""

    name: Name
    language: Language


class RoleForm(Form):
    """A role to give."""

    role: Role


class StaffForm(Form):
    """Someone of the city's people to add, with a first role."""

    name: Name
    email: Email
    role: Role
