"""Several rules on the ballots of one count: those shown beside a published result, and the what-ifs of officials.

The worker counts them, one rule after the other, each kept as soon as it is done; a worker that dies goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import col, select

from app import jobs
from app.accounts.people import Person
from app.core.permissions import refusal
from app.core.problems import Refused
from app.core.tally import AnyRule, Election, Outcome, TallyRule, read_rule
from app.core.tally.comparison import OFFICIAL, ComparedRule, Comparison, compare, compared, shadow_rules
from app.core.tally.profile import Kind
from app.core.tally.progress import Told, untold
from app.editions.models import Edition
from app.ledger import service as ledger
from app.polls.queries import fixed_poll
from app.results.counting import election_of
from app.results.forms import WhatIf
from app.results.models import Count, SimulatedRule, Simulation
from app.unit import Work

COMPARE_JOB = "results:compare"


def begin(work: Work, count: Count, election: Election, outcome: Outcome, *, by: int | None) -> Simulation:
    """Keep what a count gives the voters, as the first entry of a comparison whose other rules count once it is published."""
    rules = rules_beside(read_rule(count.rule), election.profile.kind)
    made = _make(work, count, WhatIf(), official=True, rules=list(rules), by=by)
    entry = next(compared(election, {OFFICIAL: rules[OFFICIAL]}, known={OFFICIAL: outcome}))
    work.db.add(SimulatedRule(simulation_id=made.id or 0, position=0, data=entry.model_dump(mode="json")))
    return made


def finish_later(work: Work, count: Count) -> None:
    """Have the other rules counted by the worker, now that the count is published."""
    simulation = official_of(work, count.id or 0)
    if simulation is not None:
        _later(work, simulation)


def try_rules(work: Work, edition: Edition, count: Count, form: WhatIf) -> Comparison:
    """Count at once with each rule asked for. The caller sees to it that the ballots are few."""
    election, rules = _election(work, edition, count, form.envelope), _rules(count, form)
    return compare(election, rules, known=_known(count, form))


def report(work: Work, edition: Edition, count: Count, form: WhatIf, *, by: Person) -> Simulation:
    """Make a report of a what-if, with an address that anyone may open; the worker counts. Raises Refused."""
    if (reason := refusal(by.roles, "simulate")) is not None:
        raise Refused(reason)
    made = _make(work, count, form, official=False, rules=list(_rules(count, form)), by=by.id)
    ledger.record(work, "edition:simulate", edition.slug, made.public_id, by=by.id)
    _later(work, made)
    return made


def fill(work: Work, payload: dict[str, Any], told: Told = untold) -> None:
    """The job: count with each rule of a simulation that has not counted yet. Between two rules everything is saved."""
    simulation = work.db.get_one(Simulation, payload["simulation"])
    count = work.db.get_one(Count, simulation.count_id)
    edition, done = work.db.get_one(Edition, count.edition_id), {one.position for one in entries_of(work, simulation.id or 0)}
    form = WhatIf(envelope=simulation.envelope_cents, min_votes=simulation.min_votes, rules=tuple(simulation.rules[1:]))
    election, rules = _election(work, edition, count, form.envelope), _rules(count, form)
    wanted = {name: rules[name] for place, name in enumerate(simulation.rules) if not place or place not in done}
    work.db.commit()
    for entry in compared(election, wanted, known=_known(count, form), told=told):
        place = simulation.rules.index(entry.name)
        if place not in done:
            work.db.add(SimulatedRule(simulation_id=simulation.id or 0, position=place, data=entry.model_dump(mode="json")))
            work.db.commit()


def rules_beside(official: AnyRule, kind: Kind) -> dict[str, AnyRule]:
    """The deciding rule first, then every other rule that fits the ballots."""
    return {OFFICIAL: official, **shadow_rules(kind, official)}


def official_of(work: Work, count_id: int) -> Simulation | None:
    """The comparison that belongs to a count; None for one made before there were comparisons."""
    return work.db.exec(select(Simulation).where(Simulation.count_id == count_id, col(Simulation.official).is_(True))).first()


def entries_of(work: Work, simulation_id: int) -> list[SimulatedRule]:
    """The rules of a simulation that have counted, in their order."""
    wanted = select(SimulatedRule).where(SimulatedRule.simulation_id == simulation_id)
    return list(work.db.exec(wanted.order_by(col(SimulatedRule.position))))


def compared_in(work: Work, simulation: Simulation) -> tuple[ComparedRule, ...]:
    """The same as core knows them."""
    return tuple(ComparedRule.model_validate(one.data) for one in entries_of(work, simulation.id or 0))


def job_key(simulation: Simulation) -> str:
    """The key of the job that fills a simulation."""
    return f"{COMPARE_JOB}:{simulation.id}"


def _make(work: Work, count: Count, form: WhatIf, *, official: bool, rules: list[str], by: int | None) -> Simulation:
    cents = count.budget_cents if form.envelope is None else form.envelope
    made = Simulation(
        public_id=work.code(12), count_id=count.id or 0, official=official, envelope_cents=cents, min_votes=form.min_votes, rules=rules,
        made_at=work.now, made_by_id=by,
    )  # fmt: skip
    work.db.add(made)
    work.db.flush()
    return made


def _later(work: Work, simulation: Simulation) -> None:
    jobs.enqueue(work, COMPARE_JOB, {"simulation": simulation.id}, key=job_key(simulation))


def _election(work: Work, edition: Edition, count: Count, envelope_cents: int | None) -> Election:
    election, _ = election_of(work, edition, fixed_poll(work, edition))
    return replace(election, budget_cents=count.budget_cents if envelope_cents is None else envelope_cents)


def _rules(count: Count, form: WhatIf) -> dict[str, AnyRule]:
    """The deciding rule first, then those asked for (all that fit if none is), each with the minimum of votes asked for."""
    return asked_of(rules_beside(read_rule(count.rule), "approval"), form)  # boxes hold no other ballots


def asked_of(rules: Mapping[str, AnyRule], form: WhatIf) -> dict[str, AnyRule]:
    """Of these rules the deciding one and those asked for (all if none is), each with the minimum of votes asked for."""
    chosen = {name: rule for name, rule in rules.items() if name == OFFICIAL or not form.rules or name in form.rules}
    if form.min_votes is None:
        return chosen
    lowered = {"min_votes": form.min_votes}
    return {name: rule.model_copy(update=lowered) if isinstance(rule, TallyRule) else rule for name, rule in chosen.items()}


def _known(count: Count, form: WhatIf) -> Mapping[str, Outcome]:
    """The outcome of the count itself, where the what-if changes nothing of it."""
    same = form.min_votes is None and form.envelope in (None, count.budget_cents)
    return {OFFICIAL: Outcome.from_json(count.outcome)} if same else {}
