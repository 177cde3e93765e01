"""Whatever anybody wrote, in any column, no page and no e-mail ever lets it run (T18, N01, N03)."""

import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jinja2.meta import find_undeclared_variables
from sqlalchemy import Column, update
from sqlmodel import SQLModel, select

from app.core.eligibility import Rulebook
from app.core.messages import Localised
from app.core.money import Money
from app.core.permissions import Role
from app.editions.models import Edition, Programme
from app.proposals.models import Proposal
from app.rendering import environment, render
from app.settings import ROOT
from app.unit import work
from tests.cast import Cast
from tests.conftest import NOW
from tests.promises.pages import Reader, faults_of
from tests.promises.places import Places, settle
from tests.voting.soaking import wanted

PAYLOADS = (
    "<script>canary()</script>",
    "<img canary src=x onerror=canary()>",
    "<svg onload=canary()><canary>",
    '"><canary onclick="canary()">',
    "'><canary onfocus=canary() autofocus>",
    "</title></textarea></style></script><canary>",
    "javascript:canary()",
    "JaVa\tScRiPt:canary()//",
    "data:text/html,<canary>",
    '" onmouseover="canary()" x="',
    "' autofocus onfocus='canary()",
    '<div hx-get="/canary" hx-trigger="load">',
    '" hx-post="/canary" hx-trigger="load" data-x="',
    '<form action="https://canary.example"><button>',
    "[canary](javascript:canary())",
    "<iframe srcdoc='<canary>'></iframe>",
    "<math><mtext><canary>",
    "{{ 7*1913 }}{% raw %}${7*1913}",
    "<!--><canary>-->",
    "]]><canary>",
    "<base href=//canary.example>",
    "&lt;canary&gt;<canary/",
)
WRITTEN = {
    "account": ("display_name",),
    "budget_line": ("label",),
    "code_batch": ("label",),
    "council_decision": ("reference", "reason"),
    "decision": ("reason",),
    "document": ("name",),
    "job": ("last_error",),
    "ledger_entry": ("subject", "text"),
    "organisation": ("name", "acronym"),
    "outgoing_mail": ("subject", "body_text"),
    "paper_lot": ("station",),
    "poll": ("draw_source",),
    "programme": ("operator",),
    "proposal": (
        "title", "summary", "description", "place", "partner_name", "partner_role", "beneficiaries_who", "sustainability", "feedback",
        "need", "origin", "objectives", "public_place", "feedback_place",
    ),
    "project_reference": ("reference",),
    "table_import": ("name",),
    "roll_line": ("name", "address", "reason"),
    "rule_verdict": ("comment",),
    "transition": ("reason", "note"),
    "voting_code": ("void_reason",),
}  # fmt: skip
"""Table -> the columns that hold somebody's words."""
RENDERED = re.compile(r"calendar\.ics|\.csv|\.xlsx|\.json|\.pb|/documents/")


@pytest.fixture
def places(cast: Cast) -> Places:
    made = settle(cast)
    cast.person("mod@example.org", "Modération", [Role.MODERATOR])
    return made


def everywhere(cast: Cast, payload: str) -> None:
    """Write a payload wherever somebody's words may stand, past every form."""
    both = Localised(fr=payload, en=payload)
    with work(cast.engine) as unit:
        for table, columns in WRITTEN.items():
            kept = SQLModel.metadata.tables[table].columns
            unit.db.execute(update(SQLModel.metadata.tables[table]).values({name: payload[: _room(kept[name])] for name in columns}))
        indicator = dict.fromkeys(("label", "unit", "baseline", "target", "source"), payload)
        risk, activity = dict.fromkeys(("what", "answer"), payload) | {"likelihood": "low"}, {"label": payload, "month": 1, "months": 2}
        reasons = {"markers": {"gender_equality": 1}, "marker_reasons": {"gender_equality": payload}}
        unit.db.execute(update(Proposal).values(activities=[activity], indicators=[indicator], risks=[risk], **reasons))
        unit.db.execute(update(Programme).values(name=both, tagline=both))
        for edition in unit.db.exec(select(Edition)):
            edition.name = edition.introduction = both
            edition.rulebook = Rulebook(rules=tuple(rule.model_copy(update={"wording": both}) for rule in edition.rulebook.rules))
            for part in ("themes", "districts", "redirects"):
                setattr(edition, part, [choice.model_copy(update={"label": both}) for choice in getattr(edition, part)])
            unit.db.add(edition)


def _room(column: Column[str]) -> int:
    return int(getattr(column.type, "length", None) or 10_000)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("payload", PAYLOADS[:: len(PAYLOADS) // wanted("PAYLOADS", 7)])
def test_nothing_that_anybody_wrote_ever_runs(app: FastAPI, client: TestClient, cast: Cast, places: Places, payload: str) -> None:
    everywhere(cast, payload)
    paths = [path for path in places.addresses(app, "GET") if not RENDERED.search(path)]
    seen, wrong = 0, []
    for person in (None, places.carrier, places.official):
        client.cookies.clear()
        if person is not None:
            cast.sign_in(client, person)
        for path in paths:
            answer = client.get(path)
            seen += "canary" in answer.text
            wrong += [(path, fault) for fault in faults_of(answer)]
    assert wrong == []
    assert seen > 20 or "canary" not in payload


MAILS = sorted(path.name for path in (ROOT / "templates" / "emails").iterdir() if path.is_dir())
OF_OURS = {
    "base_url": "https://a.example", "file_number": 7, "at": NOW, "deadline": NOW, "opens": NOW, "public_id": "a1", "action": "/a",
    "reset": "/b", "days": 3,
    "letter": "a1", "filed_at": NOW, "last_day": NOW.date(), "paper": False,
    "decided": NOW.date(), "asked": Money(12_000), "slug": "solidarite-2026",
    "link": "/l", "stop": "/s", "until": NOW,
}  # fmt: skip


@pytest.mark.parametrize("name", MAILS)
def test_nothing_that_anybody_wrote_runs_in_an_e_mail(name: str) -> None:
    """Each template with each payload in each of its values that people write."""
    jinja, path = environment(), f"emails/{name}/body.html"
    source = jinja.loader.get_source(jinja, path)[0] if jinja.loader else ""
    wanted = find_undeclared_variables(jinja.parse(source)) - set(jinja.globals) - {"mail_button"}
    for payload in PAYLOADS:
        text = Localised(fr=payload, en=payload)
        localised = dict.fromkeys({"edition", "redirect"} & wanted, text)
        news = {"news": [{"link": "/n", "title": payload, "what": text}]}
        context = dict.fromkeys(wanted, payload) | localised | {"site_name": payload} | news | OF_OURS
        for language in ("fr", "en"):
            reader = Reader()
            reader.feed(render(path, context, language=language))
            assert [fault for fault in reader.faults if " style=" not in fault] == [], payload
            subject = render(f"emails/{name}/subject.txt", context, language=language)
            assert "13391" not in subject
