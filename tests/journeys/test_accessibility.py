"""axe-core finds nothing, nothing overflows a narrow phone, and no page asks another site for anything."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request

from app.demo.sign_ins import PASSWORD, TREASURER
from app.rendering import LANGUAGES
from tests.journeys.conftest import axe
from tests.journeys.steps import Walk

PUBLIC = (
    "/",
    "/editions",
    "/editions/{now}",
    "/editions/{now}/rules",
    "/editions/{now}/projects?order=3",
    "/editions/{now}/projects?order=3&shown=refused",
    "/projects/{project}",
    "/editions/{past}/results",
    "/editions/{now}/results",
    "/sign-in",
    "/register",
    "/password-resets",
    "/how-it-works",
    "/privacy",
    "/accessibility",
    "/no/such/page",
    "/demo",
    "/demo/outbox",
)
CARRIER = (
    "/files",
    "/files/{draft}",
    "/files/{draft}/project",
    "/files/{draft}/budget",
    "/files/{draft}/documents",
    "/files/{draft}/submission",
)
STAFF = (
    "/staff",
    "/staff/reviews",
    "/staff/reviews/{waiting}",
    "/staff/people",
    "/staff/journal",
    "/staff/programmes",
    "/staff/editions/{next}",
    "/staff/editions/{next}/calendar",
    "/staff/editions/{next}/envelope",
    "/staff/editions/{next}/rules",
    "/staff/editions/{past}/results",
    "/staff/editions/{now}/results",
    "/staff/editions/{now}/poll",
    "/staff/simulator",
)


def addresses(page: Page, city: str) -> dict[str, str]:
    """The names of what stands in the demonstration, read from its pages."""
    page.goto(f"{city}/editions")
    slugs = sorted(set(re.findall(r"/editions/([a-z0-9-]+-\d{4})\b", page.content())))
    page.goto(f"{city}/editions/{slugs[1]}/projects?order=0")
    project = re.search(r'href="/projects/([a-z0-9]+)', page.content())
    assert project
    return {"past": slugs[0], "now": slugs[1], "next": slugs[2], "project": project[1]}


@pytest.fixture(params=["fr light 360", "en dark 1280"])
def looker(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Somebody who looks, in a language, a light and a width; a request to another site fails the test."""
    language, scheme, width = request.param.split()
    context = browser.new_context(locale=language, color_scheme=scheme, viewport={"width": int(width), "height": 800})
    page, strangers = context.new_page(), []

    def watch(asked: Request) -> None:
        if not asked.url.startswith(("http://127.0.0.1", "data:")):
            strangers.append(asked.url)

    page.on("request", watch)
    yield page
    context.close()
    assert strangers == []


def look(page: Page, city: str, paths: tuple[str, ...], names: dict[str, str]) -> list[str]:
    faults = []
    for path in paths:
        address = city + path.format(**names)
        page.goto(address)
        faults += [f"{path}: {fault}" for fault in axe(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{path}: wider than the screen")
    return faults


def test_public_pages(looker: Page, city: str) -> None:
    assert look(looker, city, PUBLIC, addresses(looker, city)) == []


def test_pages_of_a_carrier(looker: Page, city: str) -> None:
    names = addresses(looker, city)
    Walk(looker, city).sign_in(TREASURER.email, PASSWORD)
    looker.goto(f"{city}/files")
    found = re.search(r'href="/files/([a-z0-9]{8,})', looker.content())
    assert found
    assert look(looker, city, CARRIER, {**names, "draft": found[1]}) == []


def test_pages_of_the_city(looker: Page, city: str) -> None:
    names = addresses(looker, city)
    Walk(looker, city).sign_in("admin@demo.example", PASSWORD)
    looker.goto(f"{city}/staff")
    found = re.search(r'href="/staff/reviews/([a-z0-9]{8,})', looker.content())
    assert found
    assert look(looker, city, STAFF, {**names, "waiting": found[1]}) == []


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_name_of_the_site_takes_two_lines_at_most_on_a_narrow_phone(browser: Browser, city: str, language: str) -> None:
    page = browser.new_page(locale=language.partition("@")[0], viewport={"width": 360, "height": 740})
    for path in ("/", "/editions", "/sign-in"):
        page.goto(city + path)
        height = page.locator(".masthead .sitename span").evaluate("one => one.getBoundingClientRect().height")
        assert height < 2.5 * 18 * 1.15, path
        assert page.locator(".masthead .sign-in").bounding_box()["width"] >= 44  # type: ignore[index]
    page.close()


def test_who_reads_no_arabic_loads_no_arabic_letters(browser: Browser, city: str) -> None:
    loaded: dict[str, list[str]] = {"fr": [], "ar": []}
    for language, faces in loaded.items():
        page = browser.new_page(locale=language, viewport={"width": 360, "height": 740})
        page.on("request", lambda asked, faces=faces: faces.append(asked.url) if "arabic" in asked.url else None)
        now = addresses(page, city)["now"]
        page.goto(f"{city}/editions/{now}/vote?lang={language}")
        page.wait_for_load_state("networkidle")
        assert page.locator("[lang=ar]").count()
        page.close()
    assert loaded["fr"] == []
    assert loaded["ar"]


def test_a_printed_page_ends_with_its_last_line(browser: Browser, city: str) -> None:
    page = browser.new_page(locale="fr", viewport={"width": 700, "height": 9000})
    now = addresses(page, city)["now"]
    page.emulate_media(media="print")
    for paper in ("paper-ballot", "booklet"):
        page.goto(f"{city}/editions/{now}/{paper}?lang=fr")
        body, list_ = (page.locator(one).evaluate("one => one.getBoundingClientRect().bottom") for one in ("body", ".large-print > ol"))
        assert body - list_ < 40, "else a blank sheet may follow"
    page.close()
