"""The map of the projects, and the list that says the same."""

from xml.etree import ElementTree

from fastapi.testclient import TestClient

from app.review.worldmap import outlines
from app.unit import Work
from tests.cast import Cast
from tests.pages.test_results import text_of
from tests.review.desk import hand_in


def test_the_map_counts_the_projects_of_each_country_and_the_list_names_them(unit: Work, cast: Cast, client: TestClient) -> None:
    edition = cast.edition(unit.now, slug="rennes-2027")
    files = [hand_in(unit, edition, key) for key in ("P01", "P02", "P03")]
    for file in files[:2]:
        file.state, file.country = "admissible", "BJ"
    files[2].country = "KM"  # not public yet
    unit.db.commit()
    page = client.get("/editions/rennes-2027/map")
    words = text_of(page)
    assert "Bénin" in words
    assert "Comores" not in words
    assert all(file.title in words for file in files[:2])
    assert files[2].title not in words
    drawn = ElementTree.fromstring(client.get("/editions/rennes-2027/map.svg").content)
    numbers = [one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert numbers == ["2"]


def test_every_country_has_a_place_on_the_drawing() -> None:
    known = {one.iso2: one for one in outlines()}
    for iso2 in ("FR", "BJ", "KM", "CV", "MG", "PS", "CO", "HT"):
        assert 0 < known[iso2].x < 1000, iso2
        assert 0 < known[iso2].y < 420, iso2
