"""What the booth shows of each project on the ballot beside its title and cost: place, theme, summary, and the rules it meets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.core.eligibility import Verdict
from app.core.messages import Localised, Message
from app.editions.models import Edition
from app.proposals.models import Proposal
from app.review.models import Decision, RuleVerdict
from app.review.opinions import Opinion, answers_to, committee_opinions
from app.review.vetoes import GROUND_LABELS, grounds_of
from app.unit import Work


@dataclass(frozen=True)
class Detail:
    """A project as the booth shows it. `met` and `later` are the wordings of the published rules."""

    summary: str
    lang: str
    country: str | None
    theme: Localised | None
    met: tuple[Localised, ...]
    later: tuple[Localised, ...]
    advice: tuple[Localised, ...]
    opinion: Opinion | None = None
    answer: str = ""
    veto: Message | None = None

    @property
    def checked(self) -> int:
        """How many rules the city looked at."""
        return len(self.met) + len(self.later) + len(self.advice)


def details_of(work: Work, edition_id: int, public_ids: Sequence[str]) -> dict[str, Detail]:
    """The details of these projects by public id; five statements, whatever their number."""
    edition = work.db.get_one(Edition, edition_id)
    themes = {one.key: Localised(one.label) for one in edition.themes}
    verdicts, opinions = _verdicts(work, public_ids), committee_opinions(work, public_ids)
    answers, vetoes = answers_to(work, public_ids), grounds_of(work, public_ids)
    columns = (col(Proposal.public_id), col(Proposal.summary), col(Proposal.language), col(Proposal.country), col(Proposal.theme))
    wanted = select_rows(*columns).where(col(Proposal.public_id).in_(public_ids))
    found = {}
    for public_id, summary, language, country, theme in work.db.execute(wanted):
        stands = _sorted(edition, verdicts[public_id])
        veto = GROUND_LABELS[vetoes[public_id]] if public_id in vetoes else None
        said = (opinions.get(public_id), answers.get(public_id, ""), veto)
        found[public_id] = Detail(summary, language, country, themes.get(theme or ""), *stands, *said)
    return found


def _verdicts(work: Work, public_ids: Sequence[str]) -> defaultdict[str, dict[str, Verdict]]:
    """What was found on each rule when a project was last admitted; an officer's answer prevails over the machine's."""
    wanted = (
        select(Proposal.public_id, RuleVerdict.rule_key, RuleVerdict.verdict)
        .join(Decision, col(Decision.proposal_id) == col(Proposal.id))
        .join(RuleVerdict, col(RuleVerdict.decision_id) == col(Decision.id))
        .where(col(Proposal.public_id).in_(public_ids), col(Decision.outcome).in_(("admissible", "eligible")))
        .order_by(col(Decision.id), col(RuleVerdict.source))
    )
    found: defaultdict[str, dict[str, Verdict]] = defaultdict(dict)
    for public_id, key, verdict in work.db.exec(wanted):
        found[public_id][key] = Verdict(verdict)
    return found


def _sorted(edition: Edition, verdicts: dict[str, Verdict]) -> tuple[tuple[Localised, ...], tuple[Localised, ...], tuple[Localised, ...]]:
    known = [(verdicts[rule.key], Localised(rule.wording)) for rule in edition.rulebook.rules if rule.key in verdicts]
    met = tuple(words for verdict, words in known if verdict is Verdict.PASS)
    later = tuple(words for verdict, words in known if verdict is Verdict.LATER)
    return met, later, tuple(words for verdict, words in known if verdict not in (Verdict.PASS, Verdict.LATER))
