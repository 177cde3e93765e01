"""Who may do what: one readable table for staff, and one for the members of a carrier.

The same table guards the verb and hides or explains the button. A refusal is a sentence, never a bare no.
"""

from __future__ import annotations

from enum import StrEnum

from app.core.messages import Message, say


class Role(StrEnum):
    """The roles of the city's people; one person may hold several."""

    ADMINISTRATOR = "administrator"
    CASE_OFFICER = "case_officer"
    PUBLISHER = "publisher"
    REVIEWER = "reviewer"
    MODERATOR = "moderator"
    OBSERVER = "observer"
    DESK_AGENT = "desk_agent"
    BUREAU_MEMBER = "bureau_member"


class MemberRole(StrEnum):
    """The roles inside an association or a collective."""

    REPRESENTATIVE = "representative"
    TREASURER = "treasurer"
    WRITER = "writer"
    READER = "reader"


ROLE_LABELS: dict[Role, Message] = {
    Role.ADMINISTRATOR: say("Administrator"),
    Role.CASE_OFFICER: say("Case officer"),
    Role.PUBLISHER: say("Publisher"),
    Role.REVIEWER: say("Reviewer"),
    Role.MODERATOR: say("Moderator"),
    Role.OBSERVER: say("Observer"),
    Role.DESK_AGENT: say("Desk agent"),
    Role.BUREAU_MEMBER: say("Bureau member"),
}

MEMBER_ROLE_LABELS: dict[MemberRole, Message] = {
    MemberRole.REPRESENTATIVE: say("Legal representative"),
    MemberRole.TREASURER: say("Treasurer"),
    MemberRole.WRITER: say("Writer"),
    MemberRole.READER: say("Reader"),
}

_A, _C, _P, _R, _M, _O, _D, _B = Role
STAFF: dict[str, frozenset[Role]] = {
    "see_back_office": frozenset(Role),
    "grant_roles": frozenset({_A}),
    "set_look": frozenset({_A}),
    "edit_programme": frozenset({_A}),
    "edit_edition": frozenset({_A, _C}),
    "publish_edition": frozenset({_A, _P}),
    "see_files": frozenset({_A, _C, _P, _R, _O, _B}),
    "decide_admissibility": frozenset({_A, _C}),
    "put_on_ballot": frozenset({_A, _P}),
    "set_up_jury": frozenset({_A, _C}),
    "give_opinion": frozenset({_R}),
    "examine_appeals": frozenset({_A, _C}),
    "see_journal": frozenset({_A, _P, _O, _B}),
    "set_up_poll": frozenset({_A, _P}),
    "freeze_vote": frozenset({_B}),
    "open_box": frozenset({_B}),
    "make_codes": frozenset({_A, _D}),
    "keep_desk": frozenset({_D, _B}),
    "see_turnout": frozenset(Role) - {_M},
    "see_anomalies": frozenset({_A, _O, _B}),
    "correct_roll": frozenset({_A, _B}),
    "confirm_register": frozenset({_A, _B}),
    "count_ballots": frozenset({_A, _B}),
    "publish_results": frozenset({_P}),
    "enter_council_decision": frozenset({_A, _P}),
    "simulate": frozenset({_A, _C, _P, _O, _B}),
    "import_tables": frozenset({_A, _C}),
    "word_messages": frozenset({_A, _P}),
    "mend_mail": frozenset({_A, _C}),
}
"""Permission -> the roles that hold it. A permission absent here does not exist."""

PERMISSION_LABELS: dict[str, Message] = {
    "see_back_office": say("open the back office"),
    "grant_roles": say("give and withdraw roles"),
    "set_look": say("set the look of the site"),
    "edit_programme": say("set up programmes"),
    "edit_edition": say("set up editions"),
    "publish_edition": say("publish an edition"),
    "see_files": say("read the files submitted"),
    "decide_admissibility": say("decide on admissibility"),
    "put_on_ballot": say("put projects on the ballot"),
    "set_up_jury": say("set up the jury"),
    "give_opinion": say("give an opinion as a juror"),
    "examine_appeals": say("examine appeals"),
    "see_journal": say("read the journal"),
    "set_up_poll": say("set up the vote"),
    "freeze_vote": say("freeze a vote, or extend it"),
    "open_box": say("open the box"),
    "make_codes": say("make voting codes"),
    "keep_desk": say("keep the desk of the vote"),
    "see_turnout": say("see the turnout"),
    "see_anomalies": say("see what is unusual on the roll"),
    "correct_roll": say("take people off the roll and put them back"),
    "confirm_register": say("confirm a change of the frozen roll"),
    "count_ballots": say("count the ballots"),
    "publish_results": say("publish the results"),
    "enter_council_decision": say("enter the council's decision"),
    "simulate": say("try other rules on past ballots"),
    "import_tables": say("bring in projects and organisations from a table"),
    "word_messages": say("change the words of messages"),
    "mend_mail": say("see the e-mails that do not arrive"),
}

_SIGNING = frozenset({MemberRole.REPRESENTATIVE, MemberRole.TREASURER})
CARRIER: dict[str, frozenset[MemberRole]] = {
    "read_file": frozenset(MemberRole),
    "write_file": frozenset({MemberRole.REPRESENTATIVE, MemberRole.TREASURER, MemberRole.WRITER}),
    "submit_file": _SIGNING,
    "sign_for": _SIGNING,
    "edit_organisation": _SIGNING,
    "keep_papers": _SIGNING,
    "manage_members": _SIGNING,
    "appeal": frozenset({MemberRole.REPRESENTATIVE}),
}
"""What each member of a carrier may do. Whoever only writes engages nobody: sending, signing and inviting are for those who may sign."""

CARRIER_LABELS: dict[str, Message] = {
    "read_file": say("Read the files and the documents"),
    "write_file": say("Write in the files and join documents to them"),
    "submit_file": say("Submit a file, send it back completed, withdraw it"),
    "sign_for": say("Accept the republican commitment, declare interests, answer as a sponsor"),
    "edit_organisation": say("Change what is said of the organisation"),
    "keep_papers": say("Keep the documents that count for all files"),
    "manage_members": say("Invite people, change roles, remove members"),
    "appeal": say("Contest a decision of the city"),
}


def who_may(permission: str) -> tuple[Message, ...]:
    """The roles of an organisation that hold a permission, for a sentence. Raises KeyError for an unknown one."""
    return tuple(MEMBER_ROLE_LABELS[role] for role in MemberRole if role in CARRIER[permission])


def holds(roles: frozenset[Role], permission: str) -> bool:
    """Whether someone with these staff roles has the permission. Raises KeyError for an unknown one."""
    return bool(roles & STAFF[permission])


def refusal(roles: frozenset[Role], permission: str) -> Message | None:
    """None if allowed, else the sentence that names the roles which could do it."""
    if holds(roles, permission):
        return None
    able = tuple(ROLE_LABELS[role] for role in Role if role in STAFF[permission])
    return say("Your roles do not allow you to %(act)s. These roles can: %(roles)s.", act=PERMISSION_LABELS[permission], roles=able)
