"""How often the roll may be asked: by e-mail address, by network, by edition. Counted in the database, for good."""

from datetime import timedelta

from app.accounts.attempts import Limit, count_try
from app.editions.models import Edition
from app.unit import Work

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
# A whole school or library votes behind one address, so a network may try often; what guards the codes is their length:
# 20,000 tries an hour for a month find one of 100,000 codes of 80 bits with a chance of about one in 10^12.
DECLARE = {"account": Limit(16, DAY), "network": Limit(300, HOUR)}
PROVE = {"network": Limit(600, QUARTER)}
PRINTED = {"account-network": Limit(300, QUARTER), "account": Limit(20_000, HOUR)}
PEOPLE_PER_ADDRESS = 8
"""New people that one e-mail address may stand for in a day: a family, not a crowd."""


def count_declaration(work: Work, edition: Edition, email: str, network: str) -> None:
    """Count one code asked for by e-mail. Raises TooManyTries."""
    count_try(work, f"voting-mail:{edition.id}", DECLARE, email=email, network=network)


def count_proof(work: Work, network: str) -> None:
    """Count one answer to a code sent by e-mail. Raises TooManyTries."""
    count_try(work, "voting-proof", PROVE, email="", network=network)


def count_printed(work: Work, edition: Edition, network: str) -> None:
    """Count one printed code typed, right or wrong. Raises TooManyTries."""
    count_try(work, "voting-code", PRINTED, email=f"edition {edition.id}", network=network)
