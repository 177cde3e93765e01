"""What a carrier sends: one form for each page of the file. All may be left blank; only what is ill-formed is refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from app.core.forms import Day, Form, Optional, Text, YesNo
from app.core.messages import say
from app.core.sentences import wrong
from app.countries import country_names
from app.editions.reference import purpose_codes
from app.organisations.forms import at_most
from app.proposals.models import BudgetLine, Proposal

MARKERS = ("gender_equality", "climate_adaptation", "climate_mitigation")
BLANK = BeforeValidator(lambda value: value.strip() or None if isinstance(value, str) else value)
Upto60 = Annotated[Text, at_most(60)]
Upto120 = Annotated[Text, at_most(120)]
Upto150 = Annotated[Text, at_most(150)]
Upto200 = Annotated[Text, at_most(200)]
Upto300 = Annotated[Text, at_most(300)]
Upto1000 = Annotated[Text, at_most(1000)]
Upto2000 = Annotated[Text, at_most(2000)]
Upto8000 = Annotated[Text, at_most(8000)]
Mark = Annotated[Annotated[int, Field(ge=0, le=2)] | None, BLANK]
"""0 not aimed at, 1 one of the aims, 2 the main aim; None not said."""
INDICATOR = ("label", "unit", "baseline", "target")


def _lines(value: Any) -> Any:
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


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


class Indicator(Form):
    """How the carrier will measure that it worked."""

    label: Upto200 = ""
    unit: Upto60 = ""
    baseline: Upto60 = ""
    target: Upto60 = ""


class ProjectForm(SectionForm):
    """The project in words."""

    groups = {"indicators": INDICATOR}

    title: Upto120 = ""
    summary: Upto300 = ""
    description: Upto8000 = ""
    language: Annotated[Text, Field(pattern=r"^[a-z]{2,3}$")] = "fr"
    activities: Annotated[list[Upto300], BeforeValidator(_lines), Field(max_length=30)] = []
    beneficiaries: Annotated[Annotated[int, Field(ge=0, le=100_000_000)] | None, BLANK] = None
    beneficiaries_who: Upto1000 = ""
    indicators: Annotated[list[Indicator], Field(max_length=20)] = []


class PlaceForm(SectionForm):
    """Where it takes place."""

    country: Optional = None
    place: Upto150 = ""
    latitude: Annotated[Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None, BLANK] = None
    longitude: Annotated[Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None, BLANK] = None

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
    """What it is about: the city's theme, the world's goals, the donors' codes."""

    lists = ("sdgs",)

    theme: Optional = None
    nature: Annotated[Literal["development", "emergency"] | None, BLANK] = None
    main_sdg: Annotated[Annotated[int, Field(ge=1, le=17)] | None, BLANK] = None
    sdgs: Annotated[list[Annotated[int, Field(ge=1, le=17)]], Field(max_length=17)] = []
    purpose_code: Optional = None
    gender_equality: Mark = None
    climate_adaptation: Mark = None
    climate_mitigation: Mark = None

    @field_validator("purpose_code")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None and value not in purpose_codes():
            raise wrong(say("Choose one of the answers offered."))
        return value

    @classmethod
    def answers(cls, proposal: Proposal, lines: Sequence[BudgetLine]) -> dict[str, Any]:
        main, others = (proposal.sdgs[0], proposal.sdgs[1:]) if proposal.sdgs else (None, [])
        markers = {name: proposal.markers.get(name) for name in MARKERS}
        goals = {"main_sdg": main, "sdgs": others}
        return {"theme": proposal.theme, "nature": proposal.nature, "purpose_code": proposal.purpose_code} | goals | markers

    def columns(self) -> dict[str, Any]:
        goals = ([self.main_sdg] if self.main_sdg else []) + sorted(set(self.sdgs) - {self.main_sdg})
        markers = {name: value for name in MARKERS if (value := getattr(self, name)) is not None}
        return {"theme": self.theme, "nature": self.nature, "sdgs": goals, "purpose_code": self.purpose_code, "markers": markers}


class CalendarForm(SectionForm):
    """When it starts and how long it lasts."""

    starts_on: Day = None
    duration_months: Annotated[Annotated[int, Field(ge=1, le=120)] | None, BLANK] = None


class FeedbackForm(SectionForm):
    """What the city's people will see of it, and what remains afterwards."""

    feedback: Upto2000 = ""
    sustainability: Upto2000 = ""


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
