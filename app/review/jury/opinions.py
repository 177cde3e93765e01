"""What jurors do: save, give and correct an opinion, stand aside; and the jury's common opinion once all are in."""

from sqlmodel import select

from app.accounts.people import Person
from app.core.messages import Message, say
from app.core.permissions import refusal
from app.core.problems import Conflict, Invalid, Refused
from app.ledger import service as ledger
from app.proposals.models import Proposal
from app.review.jury.forms import AbsenceForm, OpinionForm, PanelOpinionForm, RecusalForm
from app.review.jury.models import JuryOpinion, JuryPanel, PanelOpinion, Recusal, Tie
from app.review.jury.queries import FileJury, Seat, Status, jury_of, own_opinions
from app.review.queries import find_file
from app.unit import Work

NO_JUROR = say("You are not a juror of this edition.")
OVER = say("The jury's work on this file is over: nothing of it can be changed any more.")
ASIDE = say("You stand aside from this file, so you give no opinion on it.")
GIVEN = say("Your opinion is given and cannot be changed. If you made a mistake, add a correction with its reason.")
SCORE = say("Score this criterion.")
COMMENT = say("Say in a few words why.")


def save_draft(work: Work, proposal: Proposal, form: OpinionForm, *, by: Person) -> JuryOpinion:
    """Keep a juror's opinion as far as it is typed; nobody else sees it. Raises Refused, Conflict once given, Invalid for a bad score."""
    jury, _ = _at_work(work, proposal, by)
    scores, errors = _scores(jury, form)
    if errors:
        raise Invalid(errors)
    return _kept(work, jury, form, scores, by=by)


def give(work: Work, proposal: Proposal, form: OpinionForm, *, by: Person) -> JuryOpinion:
    """Give an opinion for good: a score and a comment on every criterion. Raises Invalid at "score-KEY" and "comment-KEY"."""
    jury, _ = _at_work(work, proposal, by)
    scores = _whole(jury, form)
    opinion = _kept(work, jury, form, scores, by=by)
    opinion.given_at = work.now
    _note_forced(work, jury)
    work.db.flush()
    ledger.record(work, "jury:give", proposal.public_id, by=by.id)
    return opinion


def correct(work: Work, proposal: Proposal, form: OpinionForm, *, by: Person) -> JuryOpinion:
    """Add a correction of one's own given opinion, with its reason; the first one stays and is shown beside it."""
    jury, seat = _at_table(work, proposal, by)
    own = own_opinions(work, jury.proposal, by)
    if seat.status is not Status.GIVEN or not own or own[0].given_at is None:
        raise Conflict(say("There is no opinion of yours to correct yet."))
    scores = _whole(jury, form, {} if form.reason else {"reason": say("Say why you correct your opinion. The reason is shown with it.")})
    correction = JuryOpinion(
        proposal_id=jury.proposal.id or 0,
        account_id=by.id,
        number=own[-1].number + 1,
        scores=scores,
        comments=_comments(jury, form),
        reason=form.reason,
        saved_at=work.now,
        given_at=work.now,
    )
    work.db.add(correction)
    work.db.flush()
    ledger.record(work, "jury:correct", proposal.public_id, by=by.id)
    return correction


def stand_aside(work: Work, proposal: Proposal, form: RecusalForm, *, by: Person) -> Recusal:
    """Stand aside from a file, for good. An opinion given before counts no more. Raises Refused, Conflict once minutes hold the file."""
    jury, seat = _at_table(work, proposal, by)
    if form.tie is Tie.ABSENT:
        raise Invalid({"tie": say("Choose one of the answers offered.")})
    if seat.status is Status.RECUSED and not seat.forced:
        raise Conflict(ASIDE)
    return _recusal(work, jury, by.id, form.tie, form.words, by=by)


def note_absence(work: Work, proposal: Proposal, form: AbsenceForm, *, by: Person) -> Recusal:
    """Note that a juror gave no opinion in time, so that the others' can be opened. Raises Refused, Invalid at "juror"."""
    if (reason := refusal(by.roles, "set_up_jury")) is not None:
        raise Refused(reason)
    jury = _locked(work, proposal)
    if by.id in jury.members:
        raise Refused(say("You are a member of the carrier or of its sponsor, so a colleague must do this."))
    seat = jury.seat(form.juror)
    if seat is None or seat.status is not Status.WAITING:
        raise Invalid({"juror": say("Choose a juror whose opinion is awaited.")})
    return _recusal(work, jury, form.juror, Tie.ABSENT, form.words, by=by)


def write_common(work: Work, proposal: Proposal, form: PanelOpinionForm, *, by: Person) -> PanelOpinion:
    """Write the jury's opinion on a file. For the chair; where the chair stands aside, for any juror who does not.

    Raises Conflict before all opinions are in, Refused for others.
    """
    jury, seat = _at_table(work, proposal, by)
    if (reason := may_write_common(jury, seat)) is not None:
        raise Refused(reason)
    if not jury.complete:
        raise Conflict(say("Opinions stay closed to everyone until every juror has given theirs."))
    written = work.db.get(PanelOpinion, jury.proposal.id) or PanelOpinion(
        proposal_id=jury.proposal.id or 0, stance=form.stance.value, text=form.text, written_at=work.now, written_by_id=by.id
    )
    written.stance, written.text, written.written_at, written.written_by_id = form.stance.value, form.text, work.now, by.id
    work.db.add(written)
    work.db.flush()
    ledger.record(work, "jury:common-opinion", proposal.public_id, form.stance.value, by=by.id)
    return written


def may_write_common(jury: FileJury, seat: Seat | None) -> Message | None:
    """Why a juror may not write the jury's opinion, None if they may."""
    if seat is None:
        return NO_JUROR
    if seat.status in (Status.RECUSED, Status.ABSENT):
        return ASIDE
    chair = next((one for one in jury.seats if one.juror.chair), None)
    if seat.juror.chair or chair is None or chair.status in (Status.RECUSED, Status.ABSENT):
        return None
    return say("The chair of the jury writes this opinion.")


def _locked(work: Work, proposal: Proposal) -> FileJury:
    """The jury before a file that nobody else changes meanwhile; a panel being set up waits for us, and we for it."""
    locked = find_file(work, proposal.public_id, lock=True)
    work.db.exec(select(JuryPanel).where(JuryPanel.edition_id == locked.edition_id).with_for_update(read=True)).first()
    jury = jury_of(work, locked)
    if not jury.judged:
        raise Conflict(OVER)
    return jury


def _at_table(work: Work, proposal: Proposal, by: Person) -> tuple[FileJury, Seat]:
    if (reason := refusal(by.roles, "give_opinion")) is not None:
        raise Refused(reason)
    jury = _locked(work, proposal)
    seat = jury.seat(by)
    if seat is None:
        raise Refused(NO_JUROR)
    return jury, seat


def _at_work(work: Work, proposal: Proposal, by: Person) -> tuple[FileJury, Seat]:
    jury, seat = _at_table(work, proposal, by)
    if seat.status in (Status.RECUSED, Status.ABSENT):
        raise Refused(ASIDE)
    if seat.status is Status.GIVEN:
        raise Conflict(GIVEN)
    return jury, seat


def _scores(jury: FileJury, form: OpinionForm) -> tuple[dict[str, int], dict[str, Message]]:
    """The scores that were typed as whole numbers on the scale, and a sentence at each that is not."""
    keys = {one.key for one in jury.panel.criteria}
    errors = {f"score-{key}": say("This field is not expected here.") for key in {*form.scores, *form.comments} - keys}
    scores: dict[str, int] = {}
    for key in keys & form.scores.keys():
        typed = form.scores[key].strip()
        if typed.isascii() and typed.isdigit() and int(typed) <= jury.panel.scale:
            scores[key] = int(typed)
        elif typed:
            errors[f"score-{key}"] = say("Give a whole number from 0 to %(scale)d.", scale=jury.panel.scale)
    return scores, errors


def _whole(jury: FileJury, form: OpinionForm, more: dict[str, Message] | None = None) -> dict[str, int]:
    """Every criterion scored and commented. Raises Invalid."""
    scores, errors = _scores(jury, form)
    for one in jury.panel.criteria:
        if one.key not in scores:
            errors.setdefault(f"score-{one.key}", SCORE)
        if not form.comments.get(one.key):
            errors.setdefault(f"comment-{one.key}", COMMENT)
    if errors := errors | (more or {}):
        raise Invalid(errors)
    return scores


def _comments(jury: FileJury, form: OpinionForm) -> dict[str, str]:
    return {one.key: form.comments[one.key] for one in jury.panel.criteria if form.comments.get(one.key)}


def _kept(work: Work, jury: FileJury, form: OpinionForm, scores: dict[str, int], *, by: Person) -> JuryOpinion:
    own = own_opinions(work, jury.proposal, by)
    kept = own[0] if own else JuryOpinion(proposal_id=jury.proposal.id or 0, account_id=by.id, saved_at=work.now)
    kept.scores, kept.comments, kept.saved_at = scores, _comments(jury, form), work.now
    work.db.add(kept)
    work.db.flush()
    return kept


def _note_forced(work: Work, jury: FileJury) -> None:
    """Write down who stands aside as a member of the carrier, so that leaving the carrier later does not bring them back."""
    for seat in jury.seats:
        if seat.forced and work.db.get(Recusal, (jury.proposal.id, seat.juror.account_id)) is None:
            work.db.add(Recusal(proposal_id=jury.proposal.id or 0, account_id=seat.juror.account_id, tie=Tie.MEMBER.value, at=work.now))


def _recusal(work: Work, jury: FileJury, juror: int, tie: Tie, words: str, *, by: Person) -> Recusal:
    recusal = work.db.get(Recusal, (jury.proposal.id, juror)) or Recusal(
        proposal_id=jury.proposal.id or 0, account_id=juror, tie=tie.value, at=work.now
    )
    recusal.tie, recusal.words, recusal.at, recusal.by_id = tie.value, words, work.now, by.id
    work.db.add(recusal)
    work.db.flush()
    ledger.record(work, "jury:absent" if tie is Tie.ABSENT else "jury:recuse", jury.proposal.public_id, tie.value, by=by.id)
    return recusal
