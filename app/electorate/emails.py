"""The e-mail of the roll: the one-time code. It names nobody and nothing that is voted on."""

from dataclasses import replace

from app.notifications.service import queue
from app.unit import Work


def send_code(work: Work, email: str, language: str, code: str) -> None:
    """Send the six digits. The rows it leaves are dated to the day only: they stand beside the roll, not beside a moment."""
    day = work.now.replace(hour=0, minute=0, second=0, microsecond=0)
    queue(replace(work, now=day), "voting-code", email, language, {"code": f"{code[:3]} {code[3:]}"})
