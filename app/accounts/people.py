"""A person as the rest of the house sees one: never the table row."""

from dataclasses import dataclass, field

from app.core.permissions import Role, holds


@dataclass(frozen=True)
class Person:
    """Someone signed in: who, in which language, with which staff roles."""

    id: int
    display_name: str
    email: str
    language: str = "fr"
    confirmed: bool = True
    roles: frozenset[Role] = field(default_factory=frozenset)

    @property
    def is_staff(self) -> bool:
        """Whether the person works for the city on this site."""
        return bool(self.roles)

    def may(self, permission: str) -> bool:
        """Whether one of the person's roles holds a permission."""
        return holds(self.roles, permission)
