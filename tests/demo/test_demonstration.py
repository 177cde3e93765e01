"""The demonstration is always in the middle of its vote, made once, kept, and set aside when its vote has ended."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import select

from app.accounts.models import Account
from app.core.calendar import PhaseKind
from app.core.permissions import Role
from app.core.transparency import Head, Note
from app.database import make_engine, session
from app.demo import dates, demonstration
from app.demo.city import calendar, data
from app.demo.files import all_files
from app.demo.sign_ins import EVERYONE, TREASURER
from app.editions.models import Edition
from app.editions.queries import calendar_of, context_of
from app.ledger.log import heads_of, log_of
from app.migrating import upgrade
from app.proposals.dossier import dossiers_of
from app.proposals.models import Proposal
from app.review.jury.models import JuryFinding
from app.review.jury.queries import jurors_of
from app.settings import settings
from app.unit import Work, clock, work
from app.voting.models import Box

INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(INSTANTS)
def test_the_vote_is_open_for_the_next_fourteen_days_whenever_it_is_made(now: datetime) -> None:
    window = calendar(dates.current(now)).window(PhaseKind.voting)
    assert window is not None
    assert window.opens <= now
    assert window.closes >= now + timedelta(days=14)


@given(INSTANTS)
def test_every_date_moves_by_whole_days_and_keeps_its_hour(now: datetime) -> None:
    for move in (dates.past(now), dates.current(now), dates.coming(now)):
        window = calendar(move).window(PhaseKind.voting)
        assert window is not None
        zone = ZoneInfo(dates.ZONE)
        assert (window.opens.astimezone(zone).hour, window.closes.astimezone(zone).hour) == (9, 20)
    coming = calendar(dates.coming(now))
    assert coming.is_open(PhaseKind.submission, now)
    assert dates.current(now).days - dates.past(now).days == 365


def test_there_is_a_sign_in_for_each_role_and_two_where_an_act_needs_two() -> None:
    roles = Counter(person.role for person in EVERYONE)
    assert set(Role) <= set(roles)
    assert roles[Role.BUREAU_MEMBER] == 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The demonstration, prepared by the very function of `make demo`."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{path}")
        patch.setenv("QUOTEPART_DEMO", "true")
        settings.cache_clear()
        assert any("ready" in line for line in demonstration.prepare())
        engine = make_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
    settings.cache_clear()


def _editions(unit: Work) -> list[Edition]:
    return sorted(unit.db.exec(select(Edition)), key=lambda edition: edition.slug)


def test_all_34_files_get_exactly_the_failures_recorded(made: Engine) -> None:
    expected = {file["title"]: set(file.get("failed_rules", ())) for file in all_files()}
    with work(made, writing=False) as unit:
        past, current, _ = _editions(unit)
        for edition in (past, current):
            files = unit.db.exec(select(Proposal).where(Proposal.edition_id == edition.id)).all()
            dossiers, context = dossiers_of(unit, files), context_of(unit, edition)
            found = {
                file.title: {failure.rule_key for failure in edition.rulebook.automatic_failures(dossiers[file.id or 0], context)}
                for file in files
            }
            assert found == expected


def test_a_past_a_current_and_a_coming_edition(made: Engine) -> None:
    with work(made, writing=False) as unit:
        past, current, coming = _editions(unit)
        now = clock()
        assert calendar_of(unit, past).stage(PhaseKind.voting, now) == "after"
        assert calendar_of(unit, current).is_open(PhaseKind.voting, now)
        assert calendar_of(unit, coming).is_open(PhaseKind.submission, now)
        states = Counter(unit.db.exec(select(Proposal.state).where(Proposal.edition_id == current.id)))
        assert states == {"on_ballot": len(data()["projects"]), "inadmissible": len(data()["inadmissible_projects"])}
        assert current.envelope is not None
        assert current.envelope.amount().cents == 23_089_000


def test_the_ballots_of_the_past_vote_are_in_the_log_when_their_receipts_promised(made: Engine) -> None:
    with work(made, writing=False) as unit:
        past = _editions(unit)[0]
        log = log_of(unit, past.id or 0)
        assert log is not None
        last = Head.read(Note.read(heads_of(unit, log)[-1].note).text)
        assert last.size == log.size
        assert last.minute <= unit.db.get_one(Box, past.id).merge_by


def test_three_jurors_judged_files_of_the_current_edition_and_one_stood_aside(made: Engine) -> None:
    with work(made, writing=False) as unit:
        names = {one.account_id: one.name for one in jurors_of(unit, _editions(unit)[1].id or 0)}
        findings = unit.db.exec(select(JuryFinding).order_by(JuryFinding.proposal_id)).all()
        assert sorted(names.values()) == ["Fatou Diarra", "Gwenn Le Roux", "Malo Prigent"]
        assert [(one.opinions, one.recused, one.disputed) for one in findings] == [(3, 0, 0), (2, 1, 0), (3, 0, 1)]


def test_a_demonstration_made_before_votes_were_frozen_is_made_anew(made: Engine, tmp_path: Path) -> None:
    with closing(sqlite3.connect(str(made.url.database))) as now, closing(sqlite3.connect(tmp_path / "old.db")) as copy:
        now.backup(copy)
    old = make_engine(f"sqlite:///{tmp_path}/old.db")
    assert demonstration.standing(old, clock()) is demonstration.Standing.READY
    with old.begin() as connection:
        connection.execute(text("DROP TABLE poll_freeze"))
    assert demonstration.standing(old, clock()) is demonstration.Standing.UNFINISHED
    old.dispose()


def test_made_again_it_changes_nothing_and_after_its_vote_it_is_set_aside(made: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(str(made.url.database))
    with session(made, writing=False) as db:
        before = db.exec(select(Proposal.public_id)).all()
    list(demonstration.prepare())
    with session(made, writing=False) as db:
        assert db.exec(select(Proposal.public_id)).all() == before
    made.dispose()
    monkeypatch.setattr(demonstration, "clock", lambda: datetime.now(UTC) + timedelta(days=60))
    monkeypatch.setattr(demonstration, "load", lambda engine, now: None)
    said = list(demonstration.prepare())
    assert "kept as" in said[0]
    kept = [one for one in path.parent.iterdir() if ".until-" in one.name and one.suffix == ".db"]
    assert len(kept) == 1
    engine = make_engine(f"sqlite:///{kept[0]}")
    with session(engine, writing=False) as db:
        assert db.exec(select(Proposal.public_id)).all() == before
    engine.dispose()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty migrated database that `make demo` is turned to."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/city.db")
    settings.cache_clear()
    engine = make_engine(f"sqlite:///{tmp_path}/city.db")
    upgrade(engine)
    yield engine
    engine.dispose()
    settings.cache_clear()


def _account(engine: Engine, email: str) -> None:
    with work(engine) as unit:
        unit.db.add(Account(email=email, display_name="Anne", created_at=unit.now))


def test_the_database_of_a_real_city_is_never_touched(elsewhere: Engine, tmp_path: Path) -> None:
    _account(elsewhere, "anne@ville.example")
    with pytest.raises(SystemExit, match="nothing was changed"):
        list(demonstration.prepare())
    assert [one.name for one in tmp_path.glob("*.db")] == ["city.db"]


def test_a_demonstration_interrupted_while_it_was_made_is_set_aside_and_made_anew(
    elsewhere: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _account(elsewhere, TREASURER.email)
    elsewhere.dispose()
    loaded: list[Engine] = []
    monkeypatch.setattr(demonstration, "load", lambda engine, now: loaded.append(engine))
    said = list(demonstration.prepare())
    assert said[0].startswith("The demonstration was interrupted")
    assert len(loaded) == 1
    assert len(list(tmp_path.glob("city.until-*.db"))) == 1
