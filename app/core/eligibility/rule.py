"""What every eligibility rule has: a key, a public wording, its weight, and a check that never crashes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.eligibility.dossier import Context, Dossier
from app.core.messages import Localised, Message

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Texts = Annotated[dict[Language, Text], Field(min_length=1)]
Cents = Annotated[int, Field(ge=0, le=10**15)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)]


class Verdict(StrEnum):
    """What a rule says of a file. FAIL and MISSING are both unmet; OFFICER and LATER are not for the machine to say."""

    PASS = "pass"
    FAIL = "fail"
    MISSING = "missing"
    OFFICER = "officer"
    LATER = "later"


UNMET = frozenset({Verdict.FAIL, Verdict.MISSING})


class Judgement(NamedTuple):
    """A verdict and the fact it rests on."""

    verdict: Verdict
    fact: Message


@dataclass(frozen=True)
class Finding:
    """What one rule found in one file: the verdict and the exact fact, in a sentence."""

    rule_key: str
    verdict: Verdict
    fact: Message

    @property
    def unmet(self) -> bool:
        """Whether the file does not meet the rule as it stands."""
        return self.verdict in UNMET

    def to_json(self) -> dict[str, Any]:
        """A JSON value from which `from_json` rebuilds an equal finding."""
        return {"rule": self.rule_key, "verdict": self.verdict.value, "fact": self.fact.to_json()}

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Self:
        """Rebuild a finding stored by `to_json`. Raises KeyError or ValueError on anything else."""
        return cls(packed["rule"], Verdict(packed["verdict"]), Message.from_json(packed["fact"]))


class Section(StrEnum):
    """The pages of a file, in the order a carrier meets them."""

    IDENTITY = "identity"
    PROJECT = "project"
    NEED = "need"
    BENEFICIARIES = "beneficiaries"
    PLACE = "place"
    PARTNER = "partner"
    CALENDAR = "calendar"
    ACTIVITIES = "activities"
    THEME = "theme"
    MARKERS = "markers"
    INDICATORS = "indicators"
    RISKS = "risks"
    BUDGET = "budget"
    FEEDBACK = "feedback"
    SUSTAINABILITY = "sustainability"
    DECLARATIONS = "declarations"
    DOCUMENTS = "documents"
    COMMITMENTS = "commitments"
    REVIEW = "review"


class FileField(NamedTuple):
    """A field of the file and the page it stands on; the page REVIEW is for officers, not carriers."""

    section: Section
    name: str


class BaseRule(BaseModel, ABC):
    """One rule of the rulebook. `blocking` false: advice only. `officer`: an officer answers too.

    `wording` and `refusal` are the city's words by language; `article` its place in the printed rulebook; `legal` the text of law
    it rests on;
    `correctable` says whether a carrier can put it right in a completion; `redirect` names another scheme.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    serves: ClassVar[FileField]

    key: Key
    wording: Texts
    blocking: bool = True
    article: Text | None = None
    legal: Texts | None = None
    correctable: bool = True
    officer: bool = False
    refusal: Texts | None = None
    redirect: Key | None = None

    @property
    def public_wording(self) -> Localised:
        """The city's wording, to be shown in the reader's language."""
        return Localised(self.wording)

    @property
    def field(self) -> FileField:
        """The field of the file this rule serves."""
        return self.serves

    def check(self, dossier: Dossier, context: Context) -> Finding:
        """What this rule finds in the file; what passes a rule with `officer` still waits for the officer."""
        verdict, fact = self.judge(dossier, context)
        waits = self.officer and verdict is Verdict.PASS
        return Finding(self.key, Verdict.OFFICER if waits else verdict, fact)

    @abstractmethod
    def judge(self, dossier: Dossier, context: Context) -> Judgement:
        """The verdict of the machine alone and its fact. Must answer on any dossier, however empty."""

    @abstractmethod
    def plain(self, context: Context) -> Message:
        """The rule in one plain sentence, made from its parameters."""


def share(percent: Decimal) -> Fraction:
    """An exact share from a percentage: Decimal("70") is 7/10."""
    return Fraction(percent) / 100


def passed(fact: Message) -> Judgement:
    """The file meets the rule."""
    return Judgement(Verdict.PASS, fact)


def failed(fact: Message) -> Judgement:
    """What the file says breaks the rule."""
    return Judgement(Verdict.FAIL, fact)


def missing(fact: Message) -> Judgement:
    """The file does not say what the rule needs; `fact` tells what to add."""
    return Judgement(Verdict.MISSING, fact)


def later(fact: Message) -> Judgement:
    """Not to be judged now: at the count, or once the city has set a date."""
    return Judgement(Verdict.LATER, fact)
