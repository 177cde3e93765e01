"""How often sign-in, registration and links by e-mail may be tried, by address written and by network."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network

from app import limits
from app.core.messages import say
from app.core.problems import Problem
from app.unit import Work


class TooManyTries(Problem):
    """429: too many tries in a short time. `message` and `retry_after` (seconds) say when to try again."""

    status = 429

    def __init__(self, again: datetime, now: datetime) -> None:
        super().__init__(say("There were too many tries in a short time. Try again after %(when)s.", when=again))
        self.retry_after = max(1, int((again - now).total_seconds()) + 1)


@dataclass(frozen=True)
class Limit:
    """So many tries in a window of time."""

    tries: int
    per: timedelta


QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
# Someone who guesses from one network is stopped soon; the account itself stays open to its owner elsewhere,
# until an attack from many networks reaches the third limit. A whole school behind one address stays below the second.
SIGN_IN = {"account-network": Limit(10, QUARTER), "network": Limit(300, QUARTER), "account": Limit(100, HOUR)}
REGISTER = {"account": Limit(5, HOUR), "network": Limit(60, HOUR)}
RESET = {"account": Limit(5, HOUR), "network": Limit(60, HOUR)}
PASSWORD = {"account": Limit(10, QUARTER)}


def network_of(address: str) -> str:
    """The network an address belongs to: /24 for IPv4, /48 for IPv6. "unknown" for what is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return str(ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))


def count_try(work: Work, what: str, limits_of: dict[str, Limit], *, email: str, network: str = "unknown") -> None:
    """Count one try, for good whatever comes next. Raises TooManyTries with the time when the next one is accepted.

    Known and unknown addresses are counted alike. The transaction is committed here: a refusal undoes the rest
    of the request, but never the count; and nobody waits for the writer's lock while a password is checked.
    """
    account = hashlib.sha256(email.encode()).hexdigest()[:32]
    keys = {"account": account, "network": network, "account-network": f"{account}:{network}"}
    kept = {name: limits.count(work, f"{what}:{name}:{keys[name]}", limit=limit.tries, per=limit.per) for name, limit in limits_of.items()}
    full = [limits_of[name] for name, within in kept.items() if not within]
    work.db.commit()
    if full:
        raise TooManyTries(max(_next_window(work.now, limit.per) for limit in full), work.now)


def _next_window(now: datetime, per: timedelta) -> datetime:
    seconds = int(per.total_seconds())
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)
