"""An official starts from an empty database and opens an edition; an association carries a project to admissibility."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from tests.journeys.conftest import Live
from tests.journeys.steps import PASSWORD, Walk

OFFICIAL, CARRIER = "anne@ville.example", "claire@asso.example"


def open_edition(live: Live, walk: Walk) -> None:
    """The official's part: from the command line to a public edition that is open for submissions."""
    live.command("user", "add", OFFICIAL, "--name", "Anne Morvan", "--role", "administrator", answers=f"{PASSWORD}\n{PASSWORD}\n")
    live.command("user", "grant-role", OFFICIAL, "case_officer")
    walk.sign_in(OFFICIAL)
    walk.open("/staff/programmes/new")
    walk.fill(name_fr="Rennes solidarité", slug="rennes-solidarite", commune_search="Rennes")
    walk.press("Rechercher")
    walk.choose(commune="35238")
    walk.press("Enregistrer")
    walk.open("/staff/programmes/rennes-solidarite/editions/new")
    walk.fill(name_fr="Édition d’essai", slug="essai")
    walk.choose(start="preset")
    walk.press("Créer")
    walk.open("/staff/editions/essai/texts")
    walk.fill(introduction_fr="Un euro par habitant·e.")
    walk.press("Enregistrer")
    today = datetime.now(UTC)
    day = {name: (today + timedelta(days=days)).date().isoformat() for name, days in {
        "submission_opens": -2, "submission_closes": 20, "completion_opens": 21, "completion_closes": 40,
        "voting_opens": 60, "voting_closes": 80, "count_opens": 82, "count_closes": 82, "council_opens": 100, "council_closes": 100,
    }.items()}  # fmt: skip
    walk.open("/staff/editions/essai/calendar")
    walk.fill(**{**day, "voting_opens": day["submission_opens"]})
    walk.press("Enregistrer")
    walk.reads("Dépôt des projets")
    assert walk.page.locator("[name=council_closes]").input_value() == day["council_closes"], "what was typed is kept beside the sentence"
    walk.fill(voting_opens=day["voting_opens"])
    walk.press("Enregistrer")
    walk.open("/staff/editions/essai")
    walk.press("Publier")
    walk.open("/editions/essai")
    text = re.sub(r"\s", " ", walk.page.locator("main").inner_text())
    assert "230 890 €" in text


def register(live: Live, walk: Walk) -> None:
    """The carrier's account: the address is confirmed by the link of a real e-mail."""
    walk.open("/register")
    walk.fill(email=CARRIER, name="Claire Le Goff", password=PASSWORD)
    walk.press("Créer")
    message = live.mailbox.wait_for(CARRIER)
    body = message.get_body(("plain",))
    assert body is not None
    link = re.search(rf"{re.escape(live.url)}(/confirmations/\S+)", body.get_content())
    assert link, body.get_content()
    walk.open(link[1])
    walk.press("Confirmer")


def submit_project(live: Live, walk: Walk) -> str:
    """The file, page by page, over several visits; then its submission and its acknowledgement."""
    walk.open("/organisations/new?kind=association")
    walk.fill(name="Les Filles d’abord 35", siret="00009002700012", rna="W353990002", founded_on="2016-09-02", commune="35238")
    walk.page.locator("main [name=signs_commitment]").check(force=True)
    walk.press("Enregistrer")
    walk.open("/files")
    walk.press("Commencer")
    found = re.search(r"/files/[a-z0-9]{8,}", walk.page.url)
    assert found, (walk.page.url, walk.page.locator("main").inner_text())
    address = found[0]
    walk.open(f"{address}/project")
    walk.fill(title="Latrines et hygiène au collège", summary="Deux blocs de latrines.", description="Un projet utile.")
    walk.press("Enregistrer et continuer")
    walk.fill(need="Le collège n’a pas de latrines.", origin="Le conseil des élèves.")
    walk.press("Enregistrer et continuer")
    walk.fill(beneficiaries="640")
    walk.press("Enregistrer et continuer")
    walk.choose(country="BJ")
    walk.fill(place="Abomey")
    walk.press("Enregistrer et continuer")
    walk.fill(partner_name="Collège de Djidja")
    walk.choose(partner_kind="school", partner_letter="yes")
    walk.press("Enregistrer et continuer")
    start = (datetime.now(UTC) + timedelta(days=200)).date().isoformat()
    walk.fill(starts_on=start, duration_months="12")
    walk.press("Enregistrer et continuer")
    walk.press("Enregistrer et continuer")
    walk.choose(theme="infrastructure", nature="development")
    for _ in ("theme", "markers", "indicators", "risks"):
        walk.press("Enregistrer et continuer")
    walk.fill(requested="14 000,00")
    rows = {"charges-0": ("60", "Matériaux", "20000"), "charges-1": ("625", "Missions", "1600"), "products-0": ("758", "Dons", "7600")}
    for row, (account, label, amount) in rows.items():
        walk.choose(**{f"{row}-account": account})
        walk.fill(**{f"{row}-label": label, f"{row}-amount": amount})
    walk.press("Enregistrer et continuer")
    walk.fill(feedback="Une exposition à Rennes.")
    walk.press("Enregistrer et continuer")
    walk.press("Enregistrer et continuer")
    for box in walk.page.locator("main [name=declared]").all():
        box.check(force=True)
    walk.press("Enregistrer")
    walk.open(f"{address}/commitments")
    walk.page.locator("main [name=accepts]").check(force=True)
    walk.press("Souscrire pour cette demande")
    walk.open(f"{address}/submission")
    walk.press("Déposer")
    walk.reads("Déposé")
    receipt = live.mailbox.wait_for(CARRIER, "Latrines").get_body(("plain",))
    assert receipt is not None
    assert re.search(r"Numéro\s:\s1\b", receipt.get_content()), receipt.get_content()
    return address.rpartition("/")[2]


def test_an_official_opens_an_edition_and_an_association_gets_its_project_admitted(live: Live, visitor: Page) -> None:
    walk = Walk(visitor, live.url)
    open_edition(live, walk)
    visitor.context.clear_cookies()
    register(live, walk)
    public_id = submit_project(live, walk)
    visitor.context.clear_cookies()
    walk.sign_in(OFFICIAL)
    walk.open(f"/staff/reviews/{public_id}")
    for answer in walk.page.locator("main input[type=radio][value=yes]").all():
        answer.check(force=True)
    walk.choose(outcome="admissible")
    walk.press("Enregistrer la décision")
    visitor.context.clear_cookies()
    live.mailbox.wait_for(CARRIER, "recevable")
    walk.open(f"/projects/{public_id}")
    walk.reads("Recevable")
    walk.reads("Latrines et hygiène au collège")
