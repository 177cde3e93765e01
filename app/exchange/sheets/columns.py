"""The columns of the tables: a code that never changes, the words that people know it by, who may see it, whether a file may give it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.eligibility import Section
from app.core.messages import Message, say
from app.organisations.forms import LABELS as ORGANISATION_LABELS
from app.proposals.logframe import GROUPS, MARKERS
from app.proposals.sections import LABELS as PROJECT_LABELS
from app.rendering import WHOLE, speaking, translate


class Kind(StrEnum):
    """What a table is about."""

    PROJECTS = "projects"
    ORGANISATIONS = "organisations"


KIND_LABELS: dict[Kind, Message] = {Kind.PROJECTS: say("Projects"), Kind.ORGANISATIONS: say("Organisations")}


@dataclass(frozen=True)
class Column:
    """One column. `public`: everyone may have it. `given`: a file may set it, others are for reading. `section`: its page of the file."""

    code: str
    label: Message
    public: bool = False
    given: bool = True
    section: Section | None = None


def _of(section: Section, *codes: str, public: bool = False) -> tuple[Column, ...]:
    return tuple(Column(code, PROJECT_LABELS[code], public, section=section) for code in codes)


_CARRIER = (
    Column("carrier", say("Carrier"), public=True),
    Column("carrier_id", say("Address of the carrier"), public=True),
    Column("carrier_siret", say("SIRET number of the carrier")),
    Column("carrier_rna", say("RNA number of the carrier")),
)
PROJECTS: tuple[Column, ...] = (
    Column("id", say("Identifier"), public=True),
    Column("reference", say("Your own reference")),
    Column("number", say("Number"), public=True),
    Column("state", say("State"), public=True, given=False),
    Column("submitted_on", say("Submitted on"), given=False),
    *_CARRIER,
    *_of(Section.PROJECT, "title", "summary", "description", "language", public=True),
    *_of(Section.NEED, "need", "origin", public=True),
    *_of(Section.ACTIVITIES, "objectives", public=True),
    *_of(Section.ACTIVITIES, "activities"),
    *_of(Section.BENEFICIARIES, "beneficiaries", "beneficiaries_who", *GROUPS),
    *_of(Section.PLACE, "country", public=True),
    *_of(Section.PLACE, "place", "latitude", "longitude", "place_guarded", "public_place"),
    *_of(Section.PARTNER, "partner_name", "partner_kind", "partner_role", "partner_letter"),
    *_of(Section.THEME, "theme", "nature", "main_sdg", "sdgs", "purpose_code", public=True),
    Column("sdg_targets", PROJECT_LABELS["sdg_targets"], public=True, given=False),
    *_of(Section.MARKERS, *MARKERS, *(f"{name}_reason" for name in MARKERS), public=True),
    *_of(Section.INDICATORS, "indicators"),
    *_of(Section.RISKS, "risks"),
    *_of(Section.BUDGET, "requested", public=True),
    *_of(Section.BUDGET, "charges", "products"),
    Column("total_cost", say("Total cost"), public=True, given=False),
    *_of(Section.CALENDAR, "starts_on", "duration_months", public=True),
    *_of(Section.FEEDBACK, "feedback", "feedback_on", "feedback_place"),
    *_of(Section.SUSTAINABILITY, "sustainability"),
    *_of(Section.DECLARATIONS, "declared"),
)
ORGANISATIONS: tuple[Column, ...] = (
    Column("id", say("Identifier"), public=True),
    Column("kind", say("Kind"), public=True),
    *(Column(code, ORGANISATION_LABELS[code], public=True) for code in ("name", "acronym", "siren")),
    *(Column(code, ORGANISATION_LABELS[code]) for code in ("siret", "rna")),
    Column("no_rna", say("Registered in Alsace-Moselle, without an RNA number")),
    Column("founded_on", ORGANISATION_LABELS["founded_on"]),
    Column("commune", ORGANISATION_LABELS["commune"], public=True),
    *(Column(code, ORGANISATION_LABELS[code]) for code in ("district", "members", "republican_commitment_on")),
    Column("sponsor_siret", say("SIRET number of the sponsor")),
    Column("projects", say("Projects in this edition"), public=True, given=False),
)
COLUMNS: dict[Kind, tuple[Column, ...]] = {Kind.PROJECTS: PROJECTS, Kind.ORGANISATIONS: ORGANISATIONS}


def headings(kind: Kind) -> Mapping[str, str]:
    """What a heading may say, brought to its bare letters -> the code of its column: the code, or its words in a language of the site."""
    known = {bare_heading(column.code): column.code for column in COLUMNS[kind]}
    for language in WHOLE:
        with speaking(language):
            for column in COLUMNS[kind]:
                known.setdefault(bare_heading(translate(column.label)), column.code)
    return known


def bare_heading(text: str) -> str:
    """The letters and digits of a heading, small and without accents: "Numéro SIRET " and "numero_siret" are the same."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "", plain)
