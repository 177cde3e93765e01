"""The journey of a carrier: an organisation, a draft over several pages, the last look, the submission."""

import re

from fastapi.testclient import TestClient

from tests.cast import Cast
from tests.files import as_sent, complete_answers


def test_an_association_registers_fills_every_page_and_submits(client: TestClient, cast: Cast, clock) -> None:
    cast.edition()
    cast.sign_in(client, cast.person())
    assert client.get("/organisations/new").status_code == 200
    assert client.get("/organisations/new?kind=association").status_code == 200
    data = {"kind": "association", "name": "Ker Teranga", "siret": "000 090 019 00019", "rna": "W353990001", "commune": "35238",
            "founded_on": "2011-03-14", "signs_commitment": "yes"}
    made = client.post("/organisations", data=data)
    assert made.status_code == 303, made.text
    assert "Ker Teranga" in client.get(made.headers["location"]).text
    home = client.get("/files").text
    slug = re.search(r'name="organisation" value="([^"]+)"', home)[1]
    started = client.post("/files", data={"edition": "rennes-2027", "organisation": slug})
    assert started.status_code == 303
    path = started.headers["location"].partition("?")[0]
    assert client.get(path).status_code == 200
    for name, answers in complete_answers(clock.now).items():
        assert client.get(f"{path}/{name}").status_code == 200, name
        saved = client.post(f"{path}/{name}", data=as_sent(answers) | {"seen": "0", "then": "list"})
        assert saved.status_code == 303, saved.text
        shown = client.get(f"{path}/{name}")
        assert shown.status_code == 200
    assert client.get(f"{path}/documents").status_code == 200
    last_look = client.get(f"{path}/submission")
    assert last_look.status_code == 200
    assert "Sénégal" in last_look.text
    assert client.post(f"{path}/submission").status_code == 303
    assert "Déposé" in client.get(path).text
    assert "Déposé" in client.get("/files").text
    assert client.get(f"{path}/withdrawal").status_code == 200
