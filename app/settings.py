"""All settings of an installation: one frozen object, read once from the environment.

Every name is prefixed by `QUOTEPART_` in the environment, but for `DATABASE_URL`, which hosts already know.
"""

from functools import cache
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.core.sides import Side, sides_in

ROOT = Path(__file__).resolve().parent.parent
"""The project's own tree: templates/, static/ and migrations/ are found from here, wherever it is started."""


class Settings(BaseSettings):
    """The settings; a test checks that each has its sentence here and its line in docs/operations.md."""

    model_config = SettingsConfigDict(env_prefix="QUOTEPART_", frozen=True, extra="ignore")

    database_url: str = Field(
        f"sqlite:///{ROOT}/var/quotepart.db",
        validation_alias=AliasChoices("DATABASE_URL", "QUOTEPART_DATABASE_URL", "database_url"),
        description="Where the data lives: sqlite:///file.db, or postgresql://user:password@host/name.",
    )
    database_roles: str = Field(
        "", description="The database roles this process may take, made by quotepart roles: all, or some of registrar, box, log, count."
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The address people type, without a final slash; links in e-mails start with it."
    )
    site_name: str = Field("Quotepart", description="The name shown at the head of every page, usually the city's.")
    default_language: str = Field("fr", description="The language of a visitor who asks for none that is available.")
    mail_from: str = Field("Quotepart <ne-pas-repondre@quotepart.invalid>", description="The sender of every e-mail.")
    smtp_host: str = Field("", description="The mail server; empty: mail is not sent, but kept and readable in demonstration mode.")
    smtp_port: int = Field(587, description="The port of the mail server.")
    smtp_user: str = Field("", description="The user name for the mail server, if it asks for one.")
    smtp_password: SecretStr = Field(SecretStr(""), description="The password for the mail server.")
    smtp_starttls: bool = Field(True, description="Encrypt the connection to the mail server (STARTTLS).")
    keys_dir: Path = Field(ROOT / "var" / "keys", description="The folder of the keys that sign receipts and heads of the public log.")
    upload_limit_mb: int = Field(8, ge=1, le=50, description="The largest file that may be attached, in megabytes.")
    demo: bool = Field(False, description="Demonstration mode: shows the ribbon, the sign-ins and the outbox. Never for real data.")

    @field_validator("database_roles")
    @classmethod
    def _roles_exist(cls, typed: str) -> str:
        try:
            sides_in(typed)
        except ValueError:
            raise ValueError(f"the roles are all, or some of {', '.join(Side)}, joined by commas") from None
        return typed

    @property
    def sides(self) -> frozenset[Side]:
        """The sides whose roles this process may take."""
        return sides_in(self.database_roles)

    @property
    def secure(self) -> bool:
        """Whether people reach the site over HTTPS, so that cookies may insist on it."""
        return self.base_url.startswith("https://")


@cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
