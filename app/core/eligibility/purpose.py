"""Rules about what is done, where, and when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from app.core.eligibility.dossier import Context, Dossier
from app.core.eligibility.rule import BaseRule, FileField, Judgement, Key, Section, failed, later, missing, passed
from app.core.messages import Message, say, say_count
from app.core.sentences import wrong

Nature = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
NATURES = {"development": say("development"), "emergency": say("emergency aid")}
COUNTRY_LISTS = {"oda": say("list of countries that can receive development aid (OECD)")}


def _too_short(months: int, limit: int) -> Message:
    return say_count(
        "The project lasts %(count)d month; at least %(limit)d.",
        "The project lasts %(count)d months; at least %(limit)d.",
        months,
        limit=limit,
    )


def _too_long(months: int, limit: int) -> Message:
    return say_count(
        "The project lasts %(count)d month; at most %(limit)d.",
        "The project lasts %(count)d months; at most %(limit)d.",
        months,
        limit=limit,
    )


class CountryInList(BaseRule):
    """The project takes place in a country of a list, as the list stood on `as_of`."""

    kind: Literal["country_in_list"] = "country_in_list"
    list_id: Key = "oda"
    as_of: date
    serves: ClassVar[FileField] = FileField(Section.PLACE, "country")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if not dossier.country:
            return missing(say("Choose the country where the project takes place."))
        known = context.country_list(self.list_id, self.as_of)
        if known is None:
            return later(say("The list of countries as of %(day)s is not on this site yet.", day=self.as_of))
        country = context.name_of("country", dossier.country)
        if dossier.country in known.members:
            return passed(say("%(country)s: on the list as of %(day)s.", country=country, day=self.as_of))
        return failed(say("%(country)s: not on the list as of %(day)s.", country=country, day=self.as_of))

    def plain(self, context: Context) -> Message:
        name = COUNTRY_LISTS.get(self.list_id, self.list_id)
        return say("The project takes place in a country of this list, as of %(day)s: %(list)s.", list=name, day=self.as_of)


class Theme(BaseRule):
    """The file's theme is one of these (keys of the edition's themes)."""

    kind: Literal["theme"] = "theme"
    themes: tuple[Key, ...] = Field(min_length=1)
    serves: ClassVar[FileField] = FileField(Section.THEME, "theme")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if not dossier.theme:
            return missing(say("Choose a theme."))
        fact = say("The theme is: %(theme)s.", theme=context.name_of("theme", dossier.theme))
        return passed(fact) if dossier.theme in self.themes else failed(fact)

    def plain(self, context: Context) -> Message:
        return say("The theme is one of these: %(themes)s.", themes=tuple(context.name_of("theme", key) for key in self.themes))


class NatureExcluded(BaseRule):
    """Projects of these natures (emergency aid, say) have another scheme."""

    kind: Literal["nature_excluded"] = "nature_excluded"
    natures: tuple[Nature, ...] = Field(min_length=1)
    serves: ClassVar[FileField] = FileField(Section.THEME, "nature")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if not dossier.nature:
            return missing(say("Say whether the project is development or emergency aid."))
        fact = say("The nature of the project is: %(nature)s.", nature=NATURES.get(dossier.nature, dossier.nature))
        return failed(fact) if dossier.nature in self.natures else passed(fact)

    def plain(self, context: Context) -> Message:
        return say("Not accepted here: %(natures)s.", natures=tuple(NATURES.get(nature, nature) for nature in self.natures))


class Duration(BaseRule):
    """The project lasts between `min_months` and `max_months`, both included; one of them may be absent."""

    kind: Literal["duration"] = "duration"
    min_months: int | None = Field(default=None, ge=1, le=120)
    max_months: int | None = Field(default=None, ge=1, le=120)
    serves: ClassVar[FileField] = FileField(Section.CALENDAR, "duration_months")

    @model_validator(mode="after")
    def _one_limit_at_least(self) -> Self:
        if self.min_months is None and self.max_months is None:
            raise wrong(say("Give a shortest duration, a longest duration, or both."))
        if self.min_months is not None and self.max_months is not None and self.min_months > self.max_months:
            raise wrong(say("The shortest duration is above the longest."))
        return self

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        months = dossier.duration_months
        if months is None:
            return missing(say("Say how many months the project lasts."))
        if self.min_months is not None and months < self.min_months:
            return failed(_too_short(months, self.min_months))
        if self.max_months is not None and months > self.max_months:
            return failed(_too_long(months, self.max_months))
        return passed(say_count("The project lasts %(count)d month.", "The project lasts %(count)d months.", months))

    def plain(self, context: Context) -> Message:
        if self.min_months is None:
            months = self.max_months or 0
            return say_count("The project lasts at most %(count)d month.", "The project lasts at most %(count)d months.", months)
        if self.max_months is None:
            months = self.min_months
            return say_count("The project lasts at least %(count)d month.", "The project lasts at least %(count)d months.", months)
        return say("The project lasts %(low)d to %(high)d months.", low=self.min_months, high=self.max_months)


class StartAfter(BaseRule):
    """The project starts after the council's decision: a grant cannot pay for what is already done."""

    kind: Literal["start_after"] = "start_after"
    serves: ClassVar[FileField] = FileField(Section.CALENDAR, "starts_on")

    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        if dossier.starts_on is None:
            return missing(say("Say when the project starts."))
        if context.council_on is None:
            return later(say("The date of the council is not set yet."))
        starts, council = dossier.starts_on, context.council_on
        fact = say("The project starts on %(starts)s; the council decides on %(council)s.", starts=starts, council=council)
        return passed(fact) if starts > council else failed(fact)

    def plain(self, context: Context) -> Message:
        if context.council_on is None:
            return say("The project starts after the council's decision.")
        return say("The project starts after the council's decision of %(day)s.", day=context.council_on)
