"""Which side may do what with which table. The table of this page is the promise; `making` writes it into PostgreSQL.

Three things hold of it, and tests hold it to them: the side that reads the roll reads no ballot, the side that casts reads neither
roll nor account, and nobody but those who cast and who log can see a mark and a waiting ballot together.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.core.sides import Side

Grants = Mapping[Side, tuple[str, ...]]
R, B, L, C = Side.REGISTRAR, Side.BOX, Side.LOG, Side.COUNT
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
READ = ("SELECT",)

HOUSE: dict[Side, tuple[str, ...]] = {R: ALL, C: ALL}
"""What holds of every table that is not named below: accounts, editions, projects, results, the journal."""

REGISTER: Grants = {R: ALL}
"""The roll, and whatever else says who asked to vote, or when: the mails with codes, and the counters of tries."""

SHOWN: Grants = HOUSE | {B: READ, L: READ}
"""What the ballot paper, the closing and the log are read from."""

TABLES: dict[str, Grants] = {
    # How many lines the published register has; no line is anybody without its other columns.
    "roll_line": {**REGISTER, C: ("SELECT (id, edition_id, mark)",)},
    **dict.fromkeys(("registrar", "email_proof", "roll_tally", "code_batch", "voting_code"), REGISTER),
    **dict.fromkeys(("rate_counter", "mail_token", "invitation"), REGISTER),
    # Who follows what is as much theirs as the roll; messages that leave no trace are counted by the side that sends them.
    **dict.fromkeys(("follower", "lost_mail"), REGISTER),
    "outgoing_mail": {R: ALL, C: ("INSERT", "SELECT (id)")},
    **dict.fromkeys(("programme", "edition", "phase", "poll", "poll_freeze"), SHOWN),
    # Every page shows the look of the site, those of the ballot box too.
    "site_look": HOUSE | {B: READ, L: READ},
    "proposal": HOUSE | {B: ("SELECT (id, public_id, summary, language, country, theme)",)},
    "decision": HOUSE | {B: ("SELECT (id, proposal_id, outcome)",)},
    "carrier_answer": HOUSE | {B: ("SELECT (proposal_id, text)",)},
    "jury_finding": HOUSE | {B: ("SELECT",)},
    "veto": HOUSE | {B: ("SELECT (proposal_id, ground)",)},
    "rule_verdict": HOUSE | {B: ("SELECT (decision_id, rule_key, verdict, source)",)},
    "change_counter": HOUSE | {L: ("SELECT", "INSERT", "UPDATE")},
    "job": HOUSE | {L: ALL},
    # The key is needed on either side of the wall: `polls` derives credentials from it, casting checks them by it. A row that is
    # locked must be one that could be changed; moving a box to another edition is refused by its keys, and would be seen by all.
    "ballot_box": {
        R: ("SELECT", "INSERT", "UPDATE (public_key, election_hash, ballot_bytes, changeable, merge_by)"),
        B: ("SELECT", "UPDATE (edition_id)"), L: ("SELECT", "UPDATE (closed)"), C: ("SELECT", "INSERT", "UPDATE (closed, opened)"),
    },
    # Named columns leave out what PostgreSQL adds: the number of the transaction that wrote a row, and where it lies.
    "spent_credential": {
        R: ("SELECT (edition_id, mark, how, day)", "INSERT"), B: ("SELECT", "INSERT"), L: ("SELECT", "INSERT", "DELETE"),
        C: ("SELECT (edition_id, how, day)",),
    },
    "cast_ballot": {B: ("SELECT", "INSERT"), L: ("SELECT", "INSERT", "DELETE"), C: ("SELECT (edition_id)",)},
    "ballot": {R: ("SELECT (leaf_hash, edition_id, channel, lot_id, serial, null_reason)", "INSERT"), C: ("SELECT", "INSERT", "UPDATE")},
    "paper_lot": {R: ("SELECT", "INSERT", "UPDATE"), C: ("SELECT", "INSERT")},
    "box_opening": {R: READ, C: ("SELECT", "INSERT")},
    # Before a bundle is made its last acts are logged, by the worker too, which then acts as the side that counts.
    "log": {R: ("SELECT", "INSERT"), B: READ, L: ("SELECT", "UPDATE"), C: ("SELECT", "INSERT", "UPDATE (size, roots)")},
    "log_leaf": {R: ("SELECT (log_id, place, hash)",), B: READ, L: ("SELECT", "INSERT"), C: ("SELECT", "INSERT")},
    "log_node": {R: READ, B: READ, L: ("SELECT", "INSERT"), C: ("SELECT", "INSERT")},
    "log_head": {R: READ, B: READ, L: ("SELECT", "INSERT"), C: ("SELECT", "INSERT")},
    "log_cosignature": {R: ("SELECT", "INSERT"), B: READ, L: READ, C: READ},
    "public_act": {R: ("SELECT", "INSERT", "UPDATE"), L: ("SELECT", "UPDATE (place)"), C: ("SELECT", "INSERT", "UPDATE (place)")},
}

SCHEMAS: dict[str, tuple[str, ...]] = {
    "registrar": ("registrar", "roll_line", "email_proof", "roll_tally", "code_batch", "voting_code"),
    "box": ("ballot_box", "spent_credential", "cast_ballot", "ballot", "paper_lot", "box_opening"),
    "log": ("log", "log_leaf", "log_node", "log_head", "log_cosignature", "public_act"),
}
"""Schema -> its tables; all others stay where they are."""

ENTERED: dict[str, tuple[Side, ...]] = {"registrar": (R, C), "box": (R, B, L, C), "log": (R, B, L, C)}
"""Schema -> the sides that may enter it at all; what they find there is said above."""


def grants_on(table: str) -> Grants:
    """What each side may do with a table; a side that is not named may do nothing."""
    return TABLES.get(table, HOUSE)


def columns_in(grant: str) -> tuple[str, tuple[str, ...]]:
    """The act and the columns of a grant: "SELECT (id, name)" -> ("SELECT", ("id", "name")); no columns for a whole table."""
    act, _, listed = grant.partition(" ")
    return act, tuple(name.strip() for name in listed.strip("()").split(",")) if listed else ()
