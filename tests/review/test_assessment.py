"""A file beside the rules."""

from app.core.eligibility import Verdict
from app.proposals.dossier import dossier_of, dossiers_of
from app.review.queries import open_case
from app.unit import Work
from tests.cast import Cast
from tests.core.rennes import files
from tests.review.desk import hand_in


def test_every_file_of_the_demonstration_fails_exactly_the_rules_recorded_with_it(unit: Work, cast: Cast) -> None:
    edition = cast.edition()
    for source in files():
        case = open_case(unit, hand_in(unit, edition, source["id"]).public_id)
        assert {one.rule.key for one in case.failures()} == set(source.get("failed_rules", [])), source["id"]


def test_many_files_read_at_once_have_the_same_facts_as_one_by_one(unit: Work, cast: Cast) -> None:
    edition = cast.edition()
    proposals = [hand_in(unit, edition, source["id"]) for source in files()[:4] + files()[-4:]]
    together = dossiers_of(unit, proposals)
    assert [together[one.id] for one in proposals] == [dossier_of(unit, one) for one in proposals]


def test_broken_rules_come_first_then_the_questions_then_what_is_met(unit: Work, cast: Cast) -> None:
    case = open_case(unit, hand_in(unit, cast.edition(), "X01").public_id)
    verdicts = [one.finding.verdict for one in case.rules]
    assert verdicts[0] is Verdict.FAIL
    assert verdicts == sorted(verdicts, key=[Verdict.FAIL, Verdict.MISSING, Verdict.OFFICER, Verdict.LATER, Verdict.PASS].index)
