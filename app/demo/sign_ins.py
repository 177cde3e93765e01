"""The people of the demonstration: one sign-in for each role, two where an act will need two people."""

from dataclasses import dataclass

from app.core.messages import Message, say
from app.core.permissions import ROLE_LABELS, Role

PASSWORD = "quotepart en démonstration"
"""The one password of every demonstration sign-in. It opens nothing but the demonstration."""


@dataclass(frozen=True)
class DemoPerson:
    """A fictitious person: the address, the name and what they do."""

    email: str
    name: str
    role: Role | None = None

    @property
    def label(self) -> Message:
        """What the person is, in words."""
        return ROLE_LABELS[self.role] if self.role else say("Treasurer of an association")


JURORS = (
    DemoPerson("jury@demo.example", "Fatou Diarra", Role.REVIEWER),
    DemoPerson("jury2@demo.example", "Gwenn Le Roux", Role.REVIEWER),
    DemoPerson("jury3@demo.example", "Malo Prigent", Role.REVIEWER),
)
"""The jury of the current edition; the first one chairs it."""
STAFF = (
    DemoPerson("admin@demo.example", "Anne Morvan", Role.ADMINISTRATOR),
    DemoPerson("instruction@demo.example", "Marc Tanguy", Role.CASE_OFFICER),
    DemoPerson("publication@demo.example", "Sophie Le Bris", Role.PUBLISHER),
    DemoPerson("publication2@demo.example", "Yann Kerbrat", Role.PUBLISHER),
    *JURORS,
    DemoPerson("moderation@demo.example", "Loïc Hamon", Role.MODERATOR),
    DemoPerson("observation@demo.example", "Jeanne Quéré", Role.OBSERVER),
    DemoPerson("guichet@demo.example", "Rachid Benali", Role.DESK_AGENT),
    DemoPerson("bureau1@demo.example", "Hélène Riou", Role.BUREAU_MEMBER),
    DemoPerson("bureau2@demo.example", "Ibrahim Sow", Role.BUREAU_MEMBER),
)
TREASURER = DemoPerson("claire@demo.example", "Claire Le Goff")
"""Treasurer of the association that carries project P02, with a draft in the coming edition."""
EVERYONE = (TREASURER, *STAFF)
