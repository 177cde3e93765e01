"""E-mail addresses that go together: one for many people, spellings of one mailbox, series, throwaway and rare providers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.anomalies.facts import Entry, Facts, Signal, bursts, grouped, signal
from app.core.anomalies.kinds import Kind
from app.core.anomalies.providers import COMMON, THROWAWAY

FAMILY, SPELLINGS, SERIES, RARE_DOMAIN, DAY_CROWD = 6, 3, 5, 10, 8
"""From how many on: people at one address, spellings of a mailbox, numbers in a row, people at a rare provider, people of one
provider on a day."""

WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})
"""Providers for which dots before the @ mean nothing."""


def mailbox_of(email: str) -> str:
    """The mailbox behind a spelling: without what follows a plus sign, and without dots where they mean nothing."""
    local, _, domain = email.rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in WITHOUT_DOTS else local}@{'gmail.com' if domain in WITHOUT_DOTS else domain}"


def mailbox_signals(facts: Facts) -> Iterator[Signal]:
    """Everything that the e-mail addresses of a roll tell."""
    mailed = [entry for entry in facts.entries if entry.email]
    for email, people in grouped(mailed, lambda entry: entry.email).items():
        if len(people) >= FAMILY:
            yield signal(Kind.MAILBOX, email, people)
    for mailbox, people in grouped(mailed, lambda entry: mailbox_of(entry.email)).items():
        if len({entry.email for entry in people}) >= SPELLINGS:
            yield signal(Kind.TAGGED, mailbox, people)
    yield from _series(mailed)
    for domain, people in grouped(mailed, lambda entry: entry.domain).items():
        if domain in THROWAWAY:
            yield signal(Kind.THROWAWAY, domain, people)
        elif domain not in COMMON and len(people) >= RARE_DOMAIN:
            yield signal(Kind.DOMAIN, domain, people)
    for domain, day, people in bursts(mailed, lambda entry: {entry.domain}, lambda entry: mailbox_of(entry.email), DAY_CROWD):
        yield signal(Kind.DOMAIN_DAY, domain, people, day)


def _series(mailed: list[Entry]) -> Iterator[Signal]:
    """Addresses alike but for a number, the numbers following one another: p1@, p2@, p3@ …"""
    numbered = {entry.id: found for entry in mailed if (found := re.fullmatch(r"(\D*)(\d{1,9})(\D*@.*)", entry.email))}
    for shape, people in grouped(
        (one for one in mailed if one.id in numbered), lambda one: f"{numbered[one.id][1]}…{numbered[one.id][3]}"
    ).items():
        by_number = {int(numbered[one.id][2]): one for one in people}
        run: list[Entry] = []
        for number in sorted(by_number):
            if number - 1 not in by_number:
                run = []
            run.append(by_number[number])
            if number + 1 not in by_number and len(run) >= SERIES:
                yield signal(Kind.NUMBERED, shape, run)
