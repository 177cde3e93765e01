"""People with an account: carriers' members and the city's staff. Residents need none."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.core.permissions import Role
from app.database import UtcDateTime, one_of


class Account(SQLModel, table=True):
    """Someone who signs in with an e-mail address and a password."""

    __tablename__ = "account"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=254, description="Normalised (NFKC, lower case); compared exactly.")
    display_name: str = Field(max_length=120)
    password_hash: str | None = Field(default=None, max_length=200)
    language: str = Field(default="fr", max_length=10)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class StaffRole(SQLModel, table=True):
    """A role held by one of the city's people, and who gave it."""

    __tablename__ = "staff_role"
    __table_args__ = (CheckConstraint(one_of("role", Role), name="known_role"),)

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    role: str = Field(primary_key=True, max_length=20)
    granted_at: datetime = Field(sa_type=UtcDateTime)
    granted_by_id: int | None = Field(default=None, foreign_key="account.id")


class SignIn(SQLModel, table=True):
    """An open session. The cookie holds the secret, the table only its SHA-256."""

    __tablename__ = "sign_in"

    id_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class MailToken(SQLModel, table=True):
    """A link sent by e-mail: to confirm an address or to choose a new password. Used once."""

    __tablename__ = "mail_token"
    __table_args__ = (CheckConstraint("purpose IN ('confirm', 'reset')", name="known_purpose"),)

    token_hash: str = Field(primary_key=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    purpose: str = Field(max_length=10)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
