"""What a carrier sends: one form for each page of the file. All may be left blank; only what is ill-formed is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from app.core.forms import Day, Form, Optional, Text, Tick, YesNo
from app.core.messages import say
from app.core.sentences import wrong
from app.countries import country_names
from app.editions.reference import goal_targets, purpose_codes
from app.organisations.forms import at_most
from app.proposals.models import BudgetLine, Proposal

BLANK = BeforeValidator(lambda value: value.strip() or None if isinstance(value, str) else value)
Upto60 = Annotated[Text, at_most(60)]
Upto120 = Annotated[Text, at_most(120)]
Upto150 = Annotated[Text, at_most(150)]
Upto200 = Annotated[Text, at_most(200)]
Upto300 = Annotated[Text, at_most(300)]
Upto500 = Annotated[Text, at_most(500)]
Upto1000 = Annotated[Text, at_most(1000)]
Upto2000 = Annotated[Text, at_most(2000)]
Upto4000 = Annotated[Text, at_most(4000)]
Upto8000 = Annotated[Text, at_most(8000)]
Mark = Annotated[Annotated[int, Field(ge=0, le=2)] | None, BLANK]
"""0 not aimed at, 1 one of the aims, 2 the main aim; None not said."""


class SectionForm(Form):
    """The answers of one page. `groups`: rows of inputs and their columns; `lists`: names that may come several times."""

    groups: ClassVar[dict[str, Sequence[str]]] = {}
    lists: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        """What the file says on this page now, as JSON, under the names of this form."""
        known = {name: getattr(proposal, name) for name in cls.model_fields}
        return cls.model_construct(**known).model_dump(mode="json", warnings=False)

    def columns(self) -> dict[str, Any]:
        """The same answers as columns of the file."""
        return self.model_dump()


class ProjectForm(SectionForm):
    """The project in words."""

    title: Upto120 = ""
    summary: Upto300 = ""
    description: Upto8000 = ""
    language: Annotated[Text, Field(pattern=r"^[a-z]{2,3}$")] = "fr"


class PlaceForm(SectionForm):
    """Where it takes place."""

    country: Optional = None
    place: Upto150 = ""
    latitude: Annotated[Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None, BLANK] = None
    longitude: Annotated[Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None, BLANK] = None
    place_guarded: Tick = False
    public_place: Upto150 = ""

    @field_validator("latitude", "longitude", mode="before")
    @classmethod
    def _comma(cls, value: Any) -> Any:
        return value.strip().replace(",", ".") if isinstance(value, str) else value

    @field_validator("country")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in country_names():
            raise wrong(say("Choose one of the answers offered."))
        return value

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise wrong(say("Give both the latitude and the longitude, or neither."))
        return self


class PartnerForm(SectionForm):
    """With whom, over there."""

    partner_name: Upto200 = ""
    partner_kind: Literal[
        "", "association", "cooperative", "community_committee", "local_authority", "indigenous_authority", "foundation", "school",
        "public_body", "other",
    ] = ""
    partner_role: Upto1000 = ""
    partner_letter: YesNo = None


class ThemeForm(SectionForm):
    """What it is about: the city's theme, the world's goals and their targets, the donors' code."""

    lists = ("sdgs", "sdg_targets")

    theme: Optional = None
    nature: Annotated[Literal["development", "emergency"] | None, BLANK] = None
    main_sdg: Annotated[Annotated[int, Field(ge=1, le=17)] | None, BLANK] = None
    sdgs: Annotated[list[Annotated[int, Field(ge=1, le=17)]], Field(max_length=17)] = []
    sdg_targets: Annotated[list[Text], Field(max_length=40)] = []
    purpose_code: Optional = None

    @field_validator("purpose_code")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in purpose_codes():
            raise wrong(say("Choose one of the answers offered."))
        return value

    @field_validator("sdg_targets")
    @classmethod
    def _known_targets(cls, value: list[str]) -> list[str]:
        if not set(value) <= goal_targets().keys():
            raise wrong(say("Choose one of the answers offered."))
        return [code for code in goal_targets() if code in value]

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        main, others = (proposal.sdgs[0], proposal.sdgs[1:]) if proposal.sdgs else (None, [])
        goals = {"main_sdg": main, "sdgs": others, "sdg_targets": proposal.sdg_targets}
        return {"theme": proposal.theme, "nature": proposal.nature, "purpose_code": proposal.purpose_code} | goals

    def columns(self) -> dict[str, Any]:
        goals = ([self.main_sdg] if self.main_sdg else []) + sorted(set(self.sdgs) - {self.main_sdg})
        about = {"theme": self.theme, "nature": self.nature, "purpose_code": self.purpose_code}
        return about | {"sdgs": goals, "sdg_targets": self.sdg_targets}


class CalendarForm(SectionForm):
    """When it starts and how long it lasts."""

    starts_on: Day = None
    duration_months: Annotated[Annotated[int, Field(ge=1, le=120)] | None, BLANK] = None


class DeclarationsForm(SectionForm):
    """The declarations ticked, by their keys. One left alone is not answered yet."""

    lists = ("declared",)

    declared: Annotated[list[Text], Field(max_length=60)] = []

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        return {"declared": sorted(key for key, answer in proposal.declarations.items() if answer)}

    def columns(self) -> dict[str, Any]:
        return {"declarations": dict.fromkeys(sorted(set(self.declared)), True)}

    def model_post_init(self, _context: Any, /) -> None:
        """Ticks have no order: the same ticks are the same answer."""
        object.__setattr__(self, "declared", sorted(set(self.declared)))
