"""The checklist of an edition: short to read, open where something is wrong, everything typed kept."""

import re

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.core.permissions import Role
from app.editions.models import Edition
from app.unit import work
from tests.cast import Cast

PAGE = "/staff/editions/rennes-2027/checklist"


def fields(page: str) -> dict[str, str]:
    """What a browser would send back untouched."""
    typed = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page))
    typed |= dict(re.findall(r'name="(place-[^"]+|revision)" type="[a-z]+" value="([^"]*)"', page))
    typed |= dict(re.findall(r'type="hidden" name="(revision)" value="([^"]*)"', page))
    return typed | {"reason": "Un texte de droit manquait."}


def test_rules_are_folded_and_the_one_with_a_fault_is_open_and_named(
    client: TestClient, cast: Cast, edition: Edition, engine: Engine
) -> None:
    cast.sign_in(client, cast.official(Role.ADMINISTRATOR))
    page = client.get(PAGE).text
    rules = edition.rulebook.rules
    assert (page.count('id="rule-'), page.count(" open>")) == (len(rules), 0)
    first, second = (rule.key for rule in rules[:2])
    typed = fields(page) | {f"legal-{first}": "CGCT, art. L1115-1", f"place-{second}": "99"}
    answer = client.post(PAGE, data=typed)
    assert answer.status_code == 422
    assert answer.text.count(" open>") == 1
    assert re.search(rf'id="rule-{second}" open>', answer.text)
    assert "CGCT, art. L1115-1" in answer.text
    assert f'<a href="#f-place-{second}">{rules[1].public_wording["fr"]}' in answer.text
    assert client.post(PAGE, data=typed | {f"place-{second}": "1"}).status_code == 303
    with work(engine, writing=False) as unit:
        saved = unit.db.get_one(Edition, edition.id).rulebook.rules
    assert {rule.key for rule in saved[:2]} == {first, second}
    assert next(rule for rule in saved if rule.key == first).legal == {"fr": "CGCT, art. L1115-1"}
