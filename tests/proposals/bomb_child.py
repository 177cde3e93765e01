"""What a child process does with one file: looks at it with little memory, and tells what that took."""

import resource
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from app import uploads
from app.core.problems import Invalid


def look(name: str, content: bytes, telling: Connection) -> None:
    """Tell (sentence or None, seconds of processor time, megabytes beyond what was there before, what went wrong)."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    mine = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize() if sys.platform == "linux" else 0
    resource.setrlimit(resource.RLIMIT_AS, (mine + 1_000_000_000, mine + 1_000_000_000))
    sentence, broken = None, ""
    try:
        uploads.look_at(name, content)
    except Invalid as refused:
        sentence = refused.errors["file"].text
    except BaseException as error:
        broken = repr(error)[:1000]
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    telling.send((sentence, seconds, (used.ru_maxrss - before.ru_maxrss) / 1000, broken))
