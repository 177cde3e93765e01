"""Reading the journal."""

from enum import StrEnum

from sqlalchemy import func
from sqlmodel import col, select

from app.core.messages import Message, say
from app.ledger.models import Entry
from app.unit import Work

PER_PAGE = 50


class About(StrEnum):
    """What an act was done to: the part of its event before the colon. What the list of the journal filters by."""

    ACCOUNT = "account"
    PROGRAMME = "programme"
    EDITION = "edition"
    ORGANISATION = "organisation"
    PROPOSAL = "proposal"


ABOUT_LABELS: dict[About, Message] = {
    About.ACCOUNT: say("Accounts and roles"),
    About.PROGRAMME: say("Programmes"),
    About.EDITION: say("Editions"),
    About.ORGANISATION: say("Organisations"),
    About.PROPOSAL: say("Projects"),
}

EVENT_LABELS: dict[str, Message] = {
    "account:grant_role": say("Role given"),
    "account:withdraw_role": say("Role withdrawn"),
    "message:word": say("Words of a message changed"),
    "message:reset": say("Usual words of a message restored"),
    "message:give_up": say("Message given up: its address is wrong"),
    "programme:create": say("Programme created"),
    "programme:edit": say("Programme changed"),
    "edition:create": say("Edition created"),
    "edition:edit": say("Edition changed"),
    "edition:publish": say("Edition published"),
    "edition:change": say("Edition changed after publication"),
    "edition:ballot_list": say("List of the ballot settled"),
    "edition:count": say("Ballots counted"),
    "edition:draw": say("Public draw entered"),
    "edition:publish_result": say("Result published"),
    "edition:import": say("Past election taken in from a file"),
    "edition:propose_publication": say("Publication of the result proposed"),
    "edition:withdraw_publication": say("Proposal to publish the result withdrawn"),
    "poll:fix": say("Vote set up"),
    "poll:propose_freeze": say("Freeze of the vote proposed"),
    "poll:freeze": say("Vote frozen"),
    "poll:propose_opening": say("Opening of the box proposed"),
    "poll:open_box": say("Box opened"),
    "poll:propose_extension": say("Extension of the vote proposed"),
    "poll:extend": say("Vote extended"),
    "poll:withdraw": say("Proposal withdrawn"),
    "poll:remind": say("Bureau reminded of the freeze"),
    "roll:propose": say("Change of the roll proposed"),
    "roll:add": say("Person added to the roll"),
    "roll:import": say("List of residents taken in"),
    "roll:hand_paper": say("Paper ballot handed out"),
    "roll:take_off": say("People taken off the roll"),
    "roll:put_back": say("Person put back on the roll"),
    "codes:make": say("Voting codes made"),
    "code:void": say("Voting code cancelled"),
    "lot:open": say("Lot of paper ballots opened"),
    "lot:close": say("Lot of paper ballots closed"),
    "lot:take_out": say("Paper ballot taken out of its lot"),
    "organisation:register": say("Organisation registered"),
    "organisation:change": say("Organisation changed"),
    "organisation:add-member": say("Member added"),
    "organisation:remove-member": say("Member removed"),
    "proposal:start": say("File started"),
    "proposal:add-document": say("Document attached"),
    "proposal:remove-document": say("Document removed"),
    "proposal:describe-document": say("Words or publication of a document changed"),
    "partner:invite": say("Link sent to the local partner"),
    "partner:revoke": say("Link of the local partner withdrawn"),
    "partner:confirm": say("Letter signed by the local partner"),
    "partner:decline": say("The local partner declined"),
    "partner:restate": say("Words of the local partner changed"),
    "proposal:submit": say("File submitted"),
    "proposal:late": say("File sent too late"),
    "proposal:complete": say("Completed file received"),
    "proposal:withdraw": say("File withdrawn"),
    "proposal:ask_completion": say("Completion requested"),
    "proposal:admit": say("Declared admissible"),
    "proposal:reject": say("Declared inadmissible"),
    "proposal:uphold_appeal": say("Appeal upheld"),
    "appeal:file": say("Appeal filed"),
    "appeal:late": say("Appeal attempted too late"),
    "appeal:upheld": say("Appeal upheld"),
    "appeal:rejected": say("Appeal rejected"),
    "edition:appeal-terms": say("Terms of appeal changed"),
    "jury:set": say("Jury set up"),
    "jury:give": say("Juror gave an opinion"),
    "jury:correct": say("Juror corrected an opinion"),
    "jury:recuse": say("Juror stood aside"),
    "jury:absent": say("Absence of a juror noted"),
    "jury:common-opinion": say("Opinion of the jury written"),
    "jury:minutes": say("Minutes of the jury confirmed"),
    "proposal:put_on_ballot": say("Put on the ballot"),
    "proposal:lead": say("Came out in the lead"),
    "proposal:put_in_reserve": say("Put on the reserve list"),
    "proposal:leave_out": say("Not selected by the vote"),
    "proposal:award": say("Awarded by the council"),
    "proposal:refuse": say("Grant refused by the council"),
}


def label_of(event: str) -> Message | str:
    """An event in words; one that has none yet is shown by its code."""
    return EVENT_LABELS.get(event, event)


def entries(work: Work, *, about: About | None = None, page: int = 1) -> tuple[list[Entry], int]:
    """One page of the journal, newest first, and the number of pages (at least 1)."""
    wanted = () if about is None else (col(Entry.event).startswith(f"{about.value}:", autoescape=True),)
    total = work.db.exec(select(func.count()).select_from(Entry).where(*wanted)).one()
    newest = select(Entry).where(*wanted).order_by(col(Entry.at).desc(), col(Entry.id).desc())
    rows = work.db.exec(newest.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return list(rows), max(1, -(-total // PER_PAGE))


def account_in(entry: Entry) -> int | None:
    """The account that was acted on (`account:12`), so that a list can show the name."""
    number = entry.subject.removeprefix("account:") if entry.subject.startswith("account:") else ""
    return int(number) if number.isdigit() else None
