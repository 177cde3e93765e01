"""All attacks on a bundle: each takes an honest election and gives files; the check that must refuse them stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.core import attacks_on_count as count
from tests.core import attacks_on_log as log
from tests.core.attackers import Files
from tests.core.bundle_maker import honest
from tests.core.bundles import Poll

Attack = Callable[[Poll], Files]
OPEN, CHANGE, DISCREET = {"change": False, "discreet": False}, {"change": True, "discreet": False}, {"change": False, "discreet": True}
GROUPS: tuple[tuple[str, dict[str, bool], tuple[Attack, ...]], ...] = (
    ("V1", OPEN, (log.changed_without_sums, log.summed_by_another)),
    ("V2", OPEN, (log.relabel, log.recost, log.other_envelope, log.other_rule, log.later_closing, log.other_election_in_head)),
    ("V3", OPEN, (log.drop_and_sign_again, log.fork, log.rollback, log.older_heads_last, log.foreign_log_key, log.forged_cosignature)),
    ("V4", OPEN, (log.drop, log.add, log.swap, log.reorder, log.act_rewritten, log.act_dropped, log.act_added)),
    ("V5", OPEN, (log.twice, log.short_entry)),
    ("V5", CHANGE, (log.twice_in_another_wrapping,)),
    ("V6", OPEN, (
        count.foreign_info, count.other_choices, count.said_unreadable, count.other_opening_key, log.recost_all_signed,
        log.own_keys,
    )),
    ("V6", CHANGE, (count.opening_key_of_changes, count.one_opening_short, count.wrong_opening)),
    ("V6", DISCREET, (count.discreet_shorter, count.discreet_unsorted)),
    ("V7", OPEN, (count.said_against_the_form, count.overfull_counted)),
    ("V8", CHANGE, (count.superseded_counted, count.said_replaced, count.replaced_without_proof, count.replaced_out_of_nowhere)),
    ("V9", OPEN, (
        log.drop_alone, log.stuff, log.rollback_signed_again, log.small_batches, log.small_last_batch, count.paper_added,
        count.more_than_register, count.register_swollen, count.withheld_although_many,
    )),
    ("V10", OPEN, (count.serial_twice, count.strange_paper, count.strange_reason, count.paper_said_null)),
    ("V11", OPEN, (count.other_winners, count.other_votes, count.other_total, count.other_blank, count.other_rule_told)),
    ("V13", OPEN, (count.other_draw, count.pb_ballot, count.pb_cost, count.pb_budget, count.pb_rule)),
)  # fmt: skip
"""By the check that refuses them: the kind of election they are made on, and the attacks."""

ATTACKS = tuple((attack, refused_by, options) for refused_by, options, attacks in GROUPS for attack in attacks)


def target(options: Mapping[str, bool]) -> Poll:
    """An honest election with two witnesses, several heads, paper, and where it may be a vote that was changed."""
    for seed in range(500):
        poll = honest(seed, **options)
        rich = (
            len(poll.witness_keys) == 2
            and len(poll.ends) > 2
            and poll.paper
            and len(poll.result()["selected"]) < len(poll.defined.projects)
        )
        if rich and (not options["change"] or any(line.replaced_by is not None for line in poll.ballots)):
            return poll
    raise AssertionError("the maker makes no such election")
