"""The 34 files of the demonstration, typed into the pages by their carriers and decided on a page by an officer."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from app.core.permissions import Role
from app.proposals.models import Proposal
from app.review.models import Decision, RuleVerdict
from app.unit import work
from tests.cast import Cast
from tests.core.rennes import DECLARATIONS, demonstration, files
from tests.files import as_sent


class Carriers:
    """The organisations of the demonstration, each registered on its page by a person of its own."""

    def __init__(self, client: TestClient, cast: Cast) -> None:
        self.client, self.cast = client, cast
        self.slugs: dict[str, str] = {}
        self.given = {one["name"]: one for one in demonstration()["organisations"]}
        by_number = {one["id"]: one for one in reversed(demonstration()["organisations"])}
        self.sponsors = {name: by_number[one["fiscal_sponsor"]]["name"] for name, one in self.given.items() if one["fiscal_sponsor"]}
        for name in sorted(self.given, key=lambda name: name in self.sponsors):
            self._register(name)

    def enter(self, name: str) -> None:
        """Whoever acts for this organisation signs in."""
        number = list(self.given).index(name)
        self.cast.sign_in(self.client, self.cast.person(f"o{number}@asso.example", f"Représentante {number}"))

    def _register(self, name: str) -> None:
        self.enter(name)
        one, sponsor = self.given[name], self.given.get(self.sponsors.get(name, ""), {})
        typed = {
            "kind": one["type"], "name": name, "acronym": one["acronym"] or "", "siren": one["siren"] or "", "siret": one["siret"] or "",
            "rna": one["rna"] or "", "no_rna": "" if one["rna"] else "yes", "founded_on": one["created"], "commune": one["commune"],
            "district": one["district"].lower(), "members": str(one["members"]), "sponsor_name": sponsor.get("name", ""),
            "sponsor_siret": sponsor.get("siret", ""),
        }  # fmt: skip
        answer = self.client.post("/organisations", data={key: value for key, value in typed.items() if value})
        assert answer.status_code == 303, faults(answer.text)
        self.slugs[name] = answer.headers["location"].split("/")[2].partition("?")[0]

    def of(self, file: dict[str, Any]) -> str:
        """The name of the organisation that carries a file."""
        return file.get("organisation_name") or next(name for name, one in self.given.items() if one["id"] == file["organisation"])


def faults(text: str) -> list[str]:
    """The sentences at the fields of a page that was refused."""
    return [html.unescape(re.sub(r"<[^>]+>", " ", one)).strip() for one in re.findall(r'<p class="error".*?</p>', text, re.S)]


def hidden(text: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return html.unescape(found[1])


def pages(given: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is typed on each page of a file."""
    partner, budget = given["local_partner"] or {}, given["budget"]
    letter = {True: "yes", False: "no"}.get(partner.get("agreement_letter"), "")
    yield "project", {name: given[name] for name in ("title", "summary", "description")}
    yield "beneficiaries", {"beneficiaries": str(given["direct_beneficiaries"])}
    yield "place", {name: str(given[name]) for name in ("country", "place", "latitude", "longitude")}
    yield "partner", {"partner_name": partner.get("name", ""), "partner_kind": partner.get("kind", ""), "partner_letter": letter}
    yield "calendar", {"starts_on": f"{given['start']}-01", "duration_months": str(given["duration_months"])}
    yield "activities", {"activities": [{"label": one} for one in given["activities"]]}
    yield "theme", {
        "theme": given["theme"], "nature": given.get("nature", "development"), "main_sdg": str(given["sdgs"][0]),
        "sdgs": [str(one) for one in given["sdgs"][1:]], "sdg_targets": given.get("sdg_targets", []), "purpose_code": given["crs_sector"],
    }  # fmt: skip
    yield "markers", {name: str(value) for name, value in given["markers"].items()}
    yield "indicators", {"indicators": [{name: str(value) for name, value in one.items()} for one in given["indicators"]]}
    given_time = budget["in_kind"]
    charges = [*budget["charges"], {"account": "864", "label": "Bénévolat", "amount": given_time["864_volunteering"]}]
    others = [line for line in budget["products"] if not line["label"].startswith("Subvention demandée – Ville de Rennes")]
    products = [*others, {"account": "870", "label": "Bénévolat", "amount": given_time["870_volunteering"], "status": "confirmed"}]
    lines = {"charges": charges, "products": products}
    columns = ("account", "label", "amount", "status")
    told = {side: [{name: str(one[name]) for name in columns if name in one} for one in those] for side, those in lines.items()}
    yield "budget", {"requested": str(given["requested"]), **told}
    yield "feedback", {"feedback": given["rennes_feedback"]}
    yield "sustainability", {"sustainability": given["sustainability"]}
    declared = given.get("declarations", {})
    yield "declarations", {"declared": [key for key in DECLARATIONS if declared.get(key, True)]}


def submitted(client: TestClient, carriers: Carriers, given: dict[str, Any]) -> str:
    """Type a file page by page, take the commitments, submit. Returns its public identifier."""
    name = carriers.of(given)
    carriers.enter(name)
    begun = client.post("/files", data={"edition": "rennes-2027", "organisation": carriers.slugs[name]})
    path = begun.headers["location"].partition("?")[0]
    for page, typed in pages(given):
        answer = client.post(f"{path}/{page}", data={"seen": "0"} | as_sent(typed))
        assert answer.status_code == 303, (given["id"], page, faults(answer.text))
    assert client.post(f"{path}/interests", data={"interests": "none"}).status_code == 303
    commitment = {"accepts": "yes", "version": "decree-2021-1947/summary-1"}
    if name in carriers.sponsors:
        assert client.post(f"{path}/sponsor-request", data={}).status_code == 303
        carriers.enter(carriers.sponsors[name])
        there = f"/sponsorships/{path.rpartition('/')[2]}"
        seen = hidden(client.get(there).text, "seen")
        assert client.post(f"{there}/validation", data=commitment | {"seen": seen}).status_code == 303
        carriers.enter(name)
    elif carriers.given[name]["republican_commitment_signed"] and carriers.given[name]["type"] == "association":
        assert client.post(f"{path}/commitment", data=commitment).status_code == 303
    answer = client.post(f"{path}/submission", data={})
    assert answer.status_code == 303, (given["id"], faults(answer.text))
    return path.rpartition("/")[2]


def decided(client: TestClient, public_id: str, given: dict[str, Any]) -> None:
    """Admit the file where the page lets it be admitted; else refuse it for the reason recorded."""
    address = f"/staff/reviews/{public_id}"
    page = client.get(address).text
    seen, asked = hidden(page, "seen"), set(re.findall(r'name="(answer-[a-z_]+)"', page))
    admitted = client.post(f"{address}/decisions", data={"outcome": "admissible", "seen": seen} | dict.fromkeys(asked, "yes"))
    assert (admitted.status_code == 303) == ("failed_rules" not in given), (given["id"], faults(admitted.text))
    if "failed_rules" in given:
        refusal = {"outcome": "inadmissible", "seen": seen, "reason": given["reason"], "redirect": given.get("redirect") or ""}
        refused = client.post(f"{address}/decisions", data=refusal)
        assert refused.status_code == 303, (given["id"], faults(refused.text))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_34_files_entered_through_pages_reach_exactly_the_decisions_recorded(client: TestClient, cast: Cast) -> None:
    cast.edition()
    carriers = Carriers(client, cast)
    entered = {submitted(client, carriers, given): given for given in files()}
    assert len(entered) == 34
    cast.sign_in(client, cast.official(Role.CASE_OFFICER))
    for public_id, given in entered.items():
        decided(client, public_id, given)
    with work(cast.engine, writing=False) as unit:
        for public_id, given in entered.items():
            proposal = unit.db.exec(select(Proposal).where(Proposal.public_id == public_id)).one()
            (decision,) = unit.db.exec(select(Decision).where(Decision.proposal_id == proposal.id)).all()
            verdicts = unit.db.exec(select(RuleVerdict).where(RuleVerdict.decision_id == decision.id)).all()
            failed = {one.rule_key for one in verdicts if one.source == "automatic" and one.verdict in ("fail", "missing")}
            assert failed == set(given.get("failed_rules", ())), given["id"]
            assert proposal.state == decision.outcome == ("inadmissible" if failed else "admissible")
            assert decision.reason == given.get("reason", "")
