"""What the browser says that a ballot paid for is what the core says, cent for cent, whatever the marks of the ballot."""

from __future__ import annotations

import json
import random
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.core.ballots import AnyStyle, Approval, Grades, Points, Ranking, Star
from app.core.tally import AnyRule, Election, EqualShares, Greedy, Outcome
from app.core.tally.ballot_story import story
from app.core.tally.profile import Profile
from app.core.tally.scores import Scale, points_of
from app.rendering import environment, speaking
from app.results.own_ballot import asked_of
from app.settings import ROOT
from tests.core.tally_elections import projects

FILE = "http://own.test/editions/e/results.json"
SHARES = {"tie_break": ("id",), "completion": "none"}
COUNTS: dict[str, tuple[AnyStyle, AnyRule]] = {
    "ticks": (Approval(max_choices=4), EqualShares(utility="cost", **SHARES)),
    "points": (Points(total=10), EqualShares(utility="points", **SHARES)),
    "places": (Ranking(max_places=4), EqualShares(utility="borda", **SHARES)),
    "worths of places": (Ranking(max_places=3), EqualShares(utility="points", scale=Scale(ranking=(5, 3, 1)), **SHARES)),
    "grades": (Grades(), EqualShares(utility="grades", **SHARES)),
    "stars": (Star(choice=Approval(max_choices=3)), EqualShares(utility="points", **SHARES)),
    "nobody pays": (Points(total=10), Greedy(utility="points", tie_break=("id",))),
}  # fmt: skip
"""What is asked of the reader -> the style of the ballots, and a rule that makes it so."""
COSTS = {"a": 70_000, "b": 50_000, "c": 45_000, "d": 30_000, "e": 90_000}


def ballot(style: AnyStyle, draw: random.Random) -> dict[str, int]:
    """A ballot of the style, drawn: marks by project."""
    named = draw.sample(sorted(COSTS), draw.randint(1, 3))
    match style:
        case Points():
            return {id: draw.randint(1, 3) for id in named}
        case Ranking():
            return {id: place for place, id in enumerate(named, 1)}
        case Grades(grades=grades):
            return {id: draw.randrange(len(grades)) for id in named}
        case Star():
            return {id: 2 if place == 0 else 1 for place, id in enumerate(named)}
    return dict.fromkeys(named, 1)


def counted(style: AnyStyle, rule: AnyRule, seed: int) -> tuple[Outcome, list[dict[str, int]]]:
    """An election of thirty drawn ballots, counted, and the ballots."""
    draw = random.Random(seed)
    cast = [ballot(style, draw) for _ in range(30)]
    return rule.count(Election.marked(projects(COSTS), cast, 200_000, style.profile_kind)), cast


def published(outcome: Outcome) -> str:
    """What the script reads of the published file."""
    steps = [
        {"action": step.action, "project": step.project, "price": None if step.price is None else str(step.price)}
        for step in outcome.steps
    ]
    named = [{"id": id, "name": id.upper()} for id in COSTS]
    share = None if outcome.share is None else str(outcome.share)
    return json.dumps(
        {"steps": steps, "share": share, "needs_draw": [], "selected": outcome.selected, "projects": named, "currency": "EUR"}
    )


def opened(browser: Browser, style: AnyStyle, rule: AnyRule, outcome: Outcome, more: str = "", *, asked_first: bool = True) -> Page:
    """The part of the results page that asks for the ballot, with its list open; `asked_first` False: closed, and without network."""
    english = SimpleNamespace(language="en")
    standings = [
        SimpleNamespace(row=SimpleNamespace(project=id), candidate=SimpleNamespace(title=id.upper()), proposal=english) for id in COSTS
    ]
    result = SimpleNamespace(standings=standings, edition=SimpleNamespace(slug="e"))
    with speaking("en"):
        drawn: Any = environment().get_template("results/_own_ballot.html").module
        part = drawn.own_ballot(asked_of(style, rule, outcome), result)
    page = browser.new_page()
    script = (ROOT / "static" / "ballot_story.js").read_text()
    html = f'<!doctype html><html lang="en"><body>{part}{more}<script>{script}</script></body></html>'
    page.route("http://own.test/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    if not asked_first:
        page.route(FILE, lambda route: route.abort())
        page.goto("http://own.test/")
        return page
    serve(page, outcome)
    page.goto("http://own.test/")
    with page.expect_response("**/results.json"):
        page.locator("summary").click()
    return page


def serve(page: Page, outcome: Outcome) -> None:
    """The published file stands at its address."""
    page.route(FILE, lambda route: route.fulfill(body=published(outcome), content_type="application/json"))


def fill_in(page: Page, style: AnyStyle, rule: AnyRule, marks: dict[str, int]) -> None:
    """The ballot as its voter would say it, and nothing else."""
    worth = dict(zip(sorted(marks), worths(style, rule, {id: marks[id] for id in sorted(marks)}), strict=True))
    for id in COSTS:
        field = page.locator(f"[data-project={id}]")
        if field.get_attribute("type") == "checkbox":
            field.set_checked(id in marks)
        elif field.get_attribute("type") == "number":
            field.fill(str(marks.get(id, "")))
        else:
            field.select_option(str(worth[id]) if id in marks else "")
    page.locator("[data-project]").last.dispatch_event("change")


def worths(style: AnyStyle, rule: AnyRule, marks: dict[str, int]) -> list[int]:
    """The points that a ballot's marks are worth, as the count takes them."""
    scale = Scale(ranking="borda") if getattr(rule, "utility", "") == "borda" else getattr(rule, "scale", Scale())
    return [int(one) for one in points_of(Profile.of_marks(list(marks), [marks], style.profile_kind), scale)]


@pytest.mark.parametrize("name", list(COUNTS))
def test_the_browser_says_what_the_core_says(browser: Browser, name: str) -> None:
    style, rule = COUNTS[name]
    paid = 0
    for seed in range(4):
        outcome, cast = counted(style, rule, seed)
        page = opened(browser, style, rule, outcome)
        for marks in cast[:8]:
            fill_in(page, style, rule, marks)
            points = {id: worth for id, worth in zip(marks, worths(style, rule, marks), strict=True) if worth > 0}
            told = story(outcome, points if outcome.share is not None else dict.fromkeys(marks, 1))
            lines = page.locator("#own-lines li").all_inner_texts()
            assert lines or not points, "a ballot of nothing but the worst grade paid for nothing"
            for line in told.lines:
                if line.paid:
                    words = f"€{int(line.paid) / 100:,.2f}"
                    assert any(words in one and f"{line.project.upper()}" in one for one in lines), (line, lines)
                    paid += 1
            if told.left is not None and lines:
                assert f"€{int(told.share or 0) / 100:,.2f}; €{int(told.left) / 100:,.2f}" in lines[-1]
            for id in points:
                assert any(id.upper() in one for one in lines[1:])
        page.close()
    assert (paid > 5) == (name != "nobody pays")


def test_without_network_the_page_says_so_and_opening_the_list_again_asks_again(browser: Browser) -> None:
    style, rule = COUNTS["ticks"]
    outcome, _ = counted(style, rule, 0)
    page = opened(browser, style, rule, outcome, '<p id="status" data-offline="Nothing is lost"></p>', asked_first=False)
    for _ in range(2):
        page.locator("summary").click()
        page.wait_for_timeout(200)
    assert page.locator("#status").inner_text() == "Nothing is lost"
    serve(page, outcome)
    with page.expect_response("**/results.json"):
        page.locator("summary").click()
    page.locator("[data-project=a]").check()
    expect(page.locator("#own-lines li")).not_to_have_count(0)
    page.close()
