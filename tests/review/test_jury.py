"""The jury: blind until all are in, nothing overwritten, recusals that count in no mean, frozen minutes."""

from fractions import Fraction
from typing import Any

import pytest
from sqlmodel import select

from app.core.permissions import Role
from app.core.problems import Conflict, Invalid, Refused
from app.core.transparency import digest
from app.editions.models import Edition
from app.ledger.models import Entry
from app.organisations.models import Membership
from app.review.jury import minutes, opinions, panel
from app.review.jury.forms import AbsenceForm, MinutesForm, PanelOpinionForm, RecusalForm
from app.review.jury.models import JuryFinding, JuryOpinion, Recusal
from app.review.jury.public import public_opinions
from app.review.jury.queries import Status, jury_of, opinions_seen_by
from app.review.opinions import committee_opinions, said_of
from tests.cast import Cast
from tests.review.bench_of_jurors import SECRET, Bench, opinion, panel_form
from tests.review.city import City


def seen(bench: Bench, public_id: str, who: Any) -> list[dict[str, int]]:
    with bench.unit() as unit:
        return [one[-1].scores for one in opinions_seen_by(unit, jury_of(unit, bench.proposal(unit, public_id)), who)]


def confirm(bench: Bench, juror: int = 0, **overrides: Any) -> str:
    with bench.unit() as unit:
        held, files, _ = minutes.ready(unit, bench.edition)
        read = digest(minutes.facts_of_files(unit, held, files))
        usual = {"held_on": "2026-11-21", "present": [one.id for one in bench.jurors], "seen": read}
        return minutes.confirm(unit, bench.edition, MinutesForm.model_validate(usual | overrides), by=bench.jurors[juror]).sha256


def test_nobody_sees_an_opinion_before_all_are_in(bench: Bench, file: str) -> None:
    bench.give(file, 0, 5, 4)
    bench.give(file, 1, 2, 1)
    for who in (*bench.jurors, bench.officer):
        assert seen(bench, file, who) == []
    bench.give(file, 2, 3, 3)
    for who in (*bench.jurors, bench.officer):
        assert len(seen(bench, file, who)) == 3


def test_a_juror_who_stands_aside_sees_nothing_counts_nowhere_and_holds_nobody_up(bench: Bench, file: str) -> None:
    bench.give(file, 0, 5, 5)
    bench.give(file, 2, 0, 0)
    bench.recuse(file, 2)
    assert seen(bench, file, bench.jurors[0]) == []
    bench.give(file, 1, 3, 3)
    assert seen(bench, file, bench.jurors[2]) == []
    assert [one["c1"] for one in seen(bench, file, bench.jurors[0])] == [5, 3]


def test_a_member_of_the_carrier_stands_aside_by_force_and_for_good(bench: Bench, file: str) -> None:
    with bench.unit() as unit:
        carrier = bench.proposal(unit, file).organisation_id
        unit.db.add(Membership(organisation_id=carrier, account_id=bench.jurors[1].id, role="reader", since=unit.now))
    with bench.unit() as unit:
        proposal = bench.proposal(unit, file)
        seat = jury_of(unit, proposal).seat(bench.jurors[1])
        assert seat is not None
        assert (seat.status, seat.forced) == (Status.RECUSED, True)
        with pytest.raises(Refused, match="You stand aside"):
            opinions.give(unit, proposal, opinion(), by=bench.jurors[1])
    bench.give(file, 0)
    with bench.unit() as unit:
        unit.db.delete(unit.db.get_one(Membership, (carrier, bench.jurors[1].id)))
    bench.give(file, 2)
    assert seen(bench, file, bench.jurors[1]) == []
    assert len(seen(bench, file, bench.jurors[0])) == 2


def test_an_officer_who_is_a_member_of_the_carrier_sees_nothing(bench: Bench, file: str) -> None:
    for juror in range(3):
        bench.give(file, juror)
    with bench.unit() as unit:
        carrier = bench.proposal(unit, file).organisation_id
        unit.db.add(Membership(organisation_id=carrier, account_id=bench.officer.id, role="reader", since=unit.now))
    assert seen(bench, file, bench.officer) == []


def test_a_given_opinion_cannot_be_changed_only_corrected_with_a_reason(bench: Bench, file: str) -> None:
    bench.give(file, 0, 5, 5)
    with bench.unit() as unit:
        proposal = bench.proposal(unit, file)
        for verb in (opinions.give, opinions.save_draft):
            with pytest.raises(Conflict, match="cannot be changed"):
                verb(unit, proposal, opinion(1, 1), by=bench.jurors[0])
        with pytest.raises(Invalid) as caught:
            opinions.correct(unit, proposal, opinion(1, 1), by=bench.jurors[0])
        assert set(caught.value.errors) == {"reason"}
        opinions.correct(unit, proposal, opinion(1, 1, reason="J'avais lu un autre dossier."), by=bench.jurors[0])
    bench.give(file, 1)
    bench.give(file, 2)
    with bench.unit() as unit:
        versions = opinions_seen_by(unit, jury_of(unit, bench.proposal(unit, file)), bench.officer)[0]
        assert [(one.number, one.scores["c1"]) for one in versions] == [(1, 5), (2, 1)]


@pytest.mark.parametrize("score", ["6", "-1", "2.5", "²", "cinq"])
def test_a_score_off_the_scale_is_refused_at_its_field(bench: Bench, file: str, score: str) -> None:
    with bench.unit() as unit, pytest.raises(Invalid) as caught:
        opinions.save_draft(unit, bench.proposal(unit, file), opinion(score), by=bench.jurors[0])
    assert set(caught.value.errors) == {"score-c1"}


def test_every_criterion_needs_a_score_and_a_comment_to_be_given_but_not_to_be_kept(bench: Bench, file: str) -> None:
    with bench.unit() as unit:
        kept = opinions.save_draft(unit, bench.proposal(unit, file), opinion("", 3, comment=""), by=bench.jurors[0])
        assert (kept.scores, kept.given_at) == ({"c2": 3}, None)
        with pytest.raises(Invalid) as caught:
            opinions.give(unit, bench.proposal(unit, file), opinion("", 3, comment=""), by=bench.jurors[0])
    assert set(caught.value.errors) == {"score-c1", "comment-c1", "comment-c2"}


def test_the_panel_freezes_with_the_first_opinion(bench: Bench, file: str) -> None:
    form = panel_form([one.id for one in bench.jurors], scale=10)
    with bench.unit() as unit:
        assert panel.set_panel(unit, bench.edition, form, by=bench.officer).scale == 10
        opinions.save_draft(unit, bench.proposal(unit, file), opinion(9), by=bench.jurors[0])
        with pytest.raises(Conflict, match="Opinions have begun"):
            panel.set_panel(unit, bench.edition, form, by=bench.officer)


@pytest.mark.parametrize(
    ("overrides", "field"), [({"jurors": [999]}, "jurors"), ({"chair": None}, "chair"), ({"quorum": 4}, "quorum"), ({"alert": 6}, "alert")]
)
def test_a_panel_that_cannot_work_is_refused_at_its_field(bench: Bench, overrides: dict[str, Any], field: str) -> None:
    with bench.unit() as unit, pytest.raises(Invalid) as caught:
        panel.set_panel(unit, bench.edition, panel_form([one.id for one in bench.jurors], **overrides), by=bench.officer)
    assert field in caught.value.errors


def test_a_juror_alone_gives_opinions_and_an_officer_alone_notes_absences(bench: Bench, file: str) -> None:
    with bench.unit() as unit:
        proposal = bench.proposal(unit, file)
        with pytest.raises(Refused):
            opinions.give(unit, proposal, opinion(), by=bench.officer)
        with pytest.raises(Refused):
            opinions.note_absence(unit, proposal, AbsenceForm(juror=bench.jurors[1].id, words="Malade"), by=bench.jurors[0])
    stranger = bench.cast.official(Role.REVIEWER, email="other@example.org", name="Un autre juré")
    with bench.unit() as unit, pytest.raises(Refused, match="not a juror"):
        opinions.give(unit, bench.proposal(unit, file), opinion(), by=stranger)


def test_an_absent_juror_holds_nobody_up_and_can_give_nothing_any_more(bench: Bench, file: str) -> None:
    bench.give(file, 0)
    bench.give(file, 1)
    with bench.unit() as unit:
        form = AbsenceForm(juror=bench.jurors[2].id, words="Malade")
        opinions.note_absence(unit, bench.proposal(unit, file), form, by=bench.officer)
        with pytest.raises(Refused):
            opinions.give(unit, bench.proposal(unit, file), opinion(), by=bench.jurors[2])
        with pytest.raises(Invalid):
            opinions.note_absence(unit, bench.proposal(unit, file), AbsenceForm(juror=bench.jurors[0].id, words="?"), by=bench.officer)
    assert len(seen(bench, file, bench.officer)) == 2
    assert seen(bench, file, bench.jurors[2]) == []


def test_the_minutes_are_frozen_with_their_hash_and_nothing_moves_after_them(bench: Bench, file: str) -> None:
    bench.give(file, 0, 5, 1)
    bench.give(file, 1, 2, 2)
    bench.recuse(file, 2, words="Ma sœur y travaille.")
    bench.common(file)
    sha256 = confirm(bench)
    with bench.unit() as unit:
        made = minutes.find_minutes(unit, bench.edition, 1)
        assert digest(made.facts) == sha256
        told = made.facts["files"][0]
        assert (told["mean"], told["quorate"], told["opinions"]) == ([3, 1], True, 2)
        assert told["criteria"][0] == {"key": "c1", "mean": [7, 2], "low": 2, "high": 5, "disputed": True}
        assert told["aside"] == [{"name": "Malo Prigent", "tie": "family", "words": "Ma sœur y travaille.", "absent": False}]
        proposal = bench.proposal(unit, file)
        for act in (
            lambda: opinions.correct(unit, proposal, opinion(reason="Après la réunion"), by=bench.jurors[0]),
            lambda: opinions.stand_aside(unit, proposal, RecusalForm.model_validate({"tie": "money", "words": "x"}), by=bench.jurors[0]),
            lambda: opinions.write_common(
                unit, proposal, PanelOpinionForm.model_validate({"stance": "unfavourable", "text": "Non"}), by=bench.jurors[0]
            ),
        ):
            with pytest.raises(Conflict, match="over"):
                act()
        assert sha256 in unit.db.exec(select(Entry.text).where(Entry.event == "jury:minutes")).all()


def test_the_mean_is_weighted_and_exact_in_what_voters_read(bench: Bench, file: str) -> None:
    for juror, scores in enumerate(((5, 1), (2, 2), (4, 0))):
        bench.give(file, juror, *scores)
    bench.common(file)
    with bench.unit() as unit:
        assert said_of(unit, bench.proposal(unit, file)).opinion is None
        assert public_opinions(unit, [file]) == {}
    confirm(bench)
    with bench.unit() as unit:
        told = public_opinions(unit, [file])[file]
        assert told.mean == Fraction(3 * (5 + 2 + 4) + 1 + 2 + 0, 12)
        assert (told.text, told.opinions, told.disputed) == ("Un projet solide.", 3, 1)


@pytest.mark.parametrize(("fallback", "mean"), [("officers", None), ("fewer", Fraction(4))])
def test_below_the_quorum_the_stated_fallback_holds(cast: Cast, edition: Edition, city: City, fallback: str, mean: Fraction | None) -> None:
    bench, file = Bench(cast, edition, city.officer, fallback=fallback), city.decided()
    bench.give(file, 0, 4, 4)
    bench.recuse(file, 1)
    bench.recuse(file, 2)
    bench.common(file)
    confirm(bench)
    with bench.unit() as unit:
        finding = unit.db.exec(select(JuryFinding)).one()
        assert (Fraction(finding.mean_top, finding.mean_bottom) if finding.mean_top is not None else None) == mean
        assert minutes.find_minutes(unit, edition, 1).facts["files"][0]["quorate"] is False
        assert (committee_opinions(unit, [file])[file].note is None) == (mean is not None)


def test_the_chair_alone_confirms_and_only_what_was_read(bench: Bench, file: str) -> None:
    for juror in range(3):
        bench.give(file, juror)
    bench.common(file)
    with pytest.raises(Refused, match="Fatou Diarra"):
        confirm(bench, juror=1)
    with pytest.raises(Conflict, match="changed"):
        confirm(bench, seen="0" * 64)
    for overrides, field in (({"held_on": "2026-12-24"}, "held_on"), ({"present": []}, "present"), ({"present": [999]}, "present")):
        with pytest.raises(Invalid) as caught:
            confirm(bench, **overrides)
        assert set(caught.value.errors) == {field}


def test_where_the_chair_stands_aside_another_juror_writes_the_opinion(bench: Bench, file: str) -> None:
    bench.recuse(file, 0)
    bench.give(file, 1)
    bench.give(file, 2)
    with pytest.raises(Refused):
        bench.common(file, juror=0)
    bench.common(file, juror=1)


def test_the_common_opinion_waits_for_all_and_is_the_chair_s(bench: Bench, file: str) -> None:
    bench.give(file, 0)
    with pytest.raises(Conflict):
        bench.common(file)
    bench.give(file, 1)
    bench.give(file, 2)
    with pytest.raises(Refused, match="chair"):
        bench.common(file, juror=1)


def test_the_journal_says_who_did_what_but_no_score_and_no_comment(bench: Bench, file: str) -> None:
    bench.give(file, 0, 5, 4, comment=SECRET)
    bench.recuse(file, 1)
    with bench.unit() as unit:
        lines = unit.db.exec(select(Entry)).all()
        assert {"jury:set", "jury:give", "jury:recuse"} <= {one.event for one in lines}
        assert not any(SECRET in one.text for one in lines)
        assert unit.db.exec(select(JuryOpinion)).one().comments["c1"] == SECRET
        assert unit.db.exec(select(Recusal)).one().tie == "family"


def test_a_file_outside_the_jury_s_hands_takes_no_opinion(bench: Bench, city: City) -> None:
    waiting = city.file("P02")
    with bench.unit() as unit, pytest.raises(Conflict, match="over"):
        opinions.give(unit, bench.proposal(unit, waiting), opinion(), by=bench.jurors[0])
