"""A file that its carrier has withdrawn: what the carrier said is not put into the mouth of the city, and nothing is asked twice."""

from fastapi.testclient import TestClient

from tests.cast import Cast


def test_a_withdrawn_file_says_so_in_nobody_elses_name(client: TestClient, cast: Cast) -> None:
    claire = cast.person()
    cast.sign_in(client, claire)
    path = f"/files/{cast.submitted(claire).public_id}"
    assert client.get(f"{path}/withdrawal").status_code == 200
    assert client.post(f"{path}/withdrawal", data={"reason": "Notre partenaire a renoncé."}).status_code == 303
    page = client.get(path).text
    assert "Notre partenaire a renoncé." in page
    assert "Ce que dit la ville" not in page
    again = client.get(f"{path}/withdrawal")
    assert (again.status_code, again.headers["location"]) == (303, path)
