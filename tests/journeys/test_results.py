"""The results of the demonstration as anyone sees them: the past vote counted to the last euro, the current one silent."""

import json
import re
from urllib.request import urlopen

from app.demo.city import data


def read(address: str) -> str:
    with urlopen(address, timeout=20) as answer:
        return str(answer.read().decode())


def past_and_current(city: str) -> tuple[str, str]:
    """The addresses of the two editions, the oldest first."""
    slugs = sorted(set(re.findall(r'href="(/editions/[a-z-]+-20\d\d)"', read(f"{city}/editions"))))
    return f"{city}{slugs[0]}", f"{city}{slugs[1]}"


def test_the_past_edition_of_the_demonstration_has_its_known_result(city: str) -> None:
    past, _ = past_and_current(city)
    found = json.loads(read(f"{past}/results.json"))
    numbers = {one["id"]: one for one in found["projects"]}
    known = next(one for one in data()["expected"]["scenarios"] if one["method"] == "greedy_skip" and one["envelope"] == 230_890)
    titles = {one["title"] for one in data()["projects"] if one["id"] in known["laureates"]}
    assert {numbers[id]["name"] for id in found["selected"]} == titles
    assert found["left_cents"] == known["left"] * 100
    assert found["ballots"] == {"valid": 600, "blank": 1, "null": 3}
    votes = {one["name"]: one["votes"] for one in found["projects"]}
    assert votes == {one["title"]: data()["expected"]["votes"][one["id"]] for one in data()["projects"]}


def test_the_past_edition_says_who_voted_where_and_what_the_council_decided(city: str) -> None:
    page = read(f"{past_and_current(city)[0]}/results")
    assert re.search(r"<dd>474</dd>", page)
    assert re.search(r"<dd>130</dd>", page)
    assert page.count("n° ") >= 12 or page.count("Délibération") >= 12


def test_the_current_edition_tells_no_number_before_it_closes(city: str) -> None:
    current = past_and_current(city)[1]
    assert "results" in read(f"{current}/results")
    assert not re.search(r"\d+ (voix|votes)", read(f"{current}/results"))
