"""`make screenshots`: every page that people judge us by, pictured at two widths, in light and dark, in each language; axe-core on each.

Starts the demonstration on a free port with a database of its own, and puts the pictures into screenshots/. Arabic is left out
where the interface does not offer it. Ends with the violations that axe-core found, and with those pages that are wider than the screen.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.demo.sign_ins import PASSWORD, TREASURER
from app.rendering import LANGUAGES
from app.settings import ROOT
from tests.journeys.conftest import ARGUMENTS, CHROMIUM, axe, free_port, start
from tests.journeys.steps import Walk
from tests.journeys.test_accessibility import addresses

FOLDER = ROOT / "screenshots"
VOTERS = iter(range(1, 40))
SIZES, SCHEMES = ((360, 740), (1280, 900)), ("light", "dark")
RESIDENT = {
    "home": "/", "edition": "/editions/{now}", "list": "/editions/{now}/projects?order=3", "project": "/projects/{project}",
    "results": "/editions/{past}/results", "replay": "/editions/{past}/results/replay/3", "map": "/editions/{now}/map",
    "booklet": "/editions/{now}/booklet?lang={lang}", "paper-ballot": "/editions/{now}/paper-ballot?lang={lang}",
    "accessibility": "/accessibility", "missing": "/no/such/page",
}  # fmt: skip
Look = Callable[[Page, str], None]


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, str]]]:
    """The demonstration, served: its address, and the environment it runs in."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ, "DATABASE_URL": f"sqlite:///{folder}/shots.db", "QUOTEPART_BASE_URL": url, "QUOTEPART_DEMO": "true",
            "QUOTEPART_KEYS_DIR": f"{folder}/keys",
        }  # fmt: skip
        making = [sys.executable, "-m", "app.cli", "demo", "--prepare-only"]
        subprocess.run(making, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        server = start(environment, url, port)
        try:
            yield url, environment
        finally:
            server.terminate()
            server.wait(timeout=20)


def vote(page: Page, url: str, slug: str, language: str, look: Look) -> None:
    """The booth with choices, the review with its frame, and the receipt."""
    page.goto(f"{url}/editions/{slug}/vote?lang={language}&order=1")
    look(page, "booth-empty")
    for number in range(1, 4):
        page.locator("button[name=add]:not([aria-disabled=true])").nth(2 * number).click()
        page.locator("#onward input[name=choice]").nth(number - 1).wait_for(state="attached")
    look(page, "booth")
    page.locator("#onward button[type=submit]").last.click()
    page.wait_for_url("**/vote/review**")
    look(page, "review")
    frame = page.frame_locator("iframe")
    voter = next(VOTERS)  # a resident votes once: for each picture of a receipt another
    answers = {
        "name": f"{('Aminata', 'Karim', 'Yvonne', 'Sophie', 'Nolwenn', 'Malo', 'Inès', 'Awa')[voter % 8]} Diallo",
        "birth_date": f"19{60 + voter}-03-08", "address": f"{voter} rue de Brest", "email": f"resident{voter}@example.org",
    }  # fmt: skip
    for name, value in answers.items():
        frame.locator(f"#f-{name}").fill(value)
    frame.locator("label[for=f-resident]").click()
    frame.locator("#by-mail button[type=submit]").click()
    frame.locator("#f-code").wait_for()
    frame.locator("#f-code").fill(code_from(page, url, answers["email"]))
    frame.locator("button[type=submit]").first.click()
    frame.locator("#credential").wait_for(state="attached")
    page.wait_for_timeout(300)
    look(page, "review-ready")
    page.locator("#send button[type=submit]").last.click()
    page.wait_for_url("**/receipts/*")
    look(page, "receipt")


def code_from(page: Page, url: str, email: str) -> str:
    """The six figures of the e-mail, as the demonstration shows it once the worker has sent it."""
    reader = page.context.new_page()
    try:
        for _ in range(60):
            reader.goto(f"{url}/demo/outbox")
            row = reader.locator("tr", has_text=email).locator("a")
            if row.count():
                row.first.click()
                found = re.search(r"\b(\d{3})\s?(\d{3})\b", reader.locator("pre.letter").inner_text())
                assert found
                return "".join(found.groups())
            reader.wait_for_timeout(500)
    finally:
        reader.close()
    raise AssertionError("no e-mail with a code came")


def insiders(browser: Browser, url: str, look_at: Callable[[Page, str, str], None], **how: object) -> None:
    """The carrier's task list and the officer's queue."""
    for email, path, name in ((TREASURER.email, "/files", "file"), ("instruction@demo.example", "/staff/reviews", "queue")):
        context = browser.new_context(**how)  # type: ignore[arg-type]
        page = context.new_page()
        Walk(page, url).sign_in(email, PASSWORD)
        page.goto(url + path)
        if name == "file":
            found = re.search(r'href="/files/([a-z0-9]{8,})', page.content())
            assert found
            page.goto(f"{url}/files/{found[1]}")
        look_at(page, name, "fr")
        context.close()


def main() -> None:
    """Picture and check everything."""
    FOLDER.mkdir(exist_ok=True)
    faults: list[str] = []
    with demonstration() as (url, _), sync_playwright() as playwright:
        path = next(one for name in CHROMIUM for one in (Path("/usr/bin") / name,) if one.exists())
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        looker = browser.new_page()
        names = addresses(looker, url)
        looker.close()
        for language in [one for one in ("fr", "ar") if one in LANGUAGES]:
            for width, height in SIZES:
                for scheme in SCHEMES:
                    how = {"locale": language, "color_scheme": scheme, "viewport": {"width": width, "height": height}}
                    ending = f"{language}-{width}-{scheme}"
                    look = looking(faults, ending)
                    context = browser.new_context(**how)  # type: ignore[arg-type]
                    page = context.new_page()
                    for name, where in RESIDENT.items():
                        page.goto(url + where.format(lang=language, **names))
                        look(page, name)
                    vote(page, url, names["now"], language, look)
                    context.close()
                    if language == "fr":
                        insiders(browser, url, lambda seen, name, _, look=look: look(seen, name), **how)
                    print(f"{ending}: done", flush=True)
        browser.close()
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.name}/; {len(faults)} faults")
    print("\n".join(faults))


def looking(faults: list[str], ending: str) -> Look:
    """A way to picture a page and note what axe-core finds."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state()
        page.screenshot(path=FOLDER / f"{name}-{ending}.png", full_page=True)
        faults.extend(f"{name} {ending}: {fault}" for fault in axe(page))
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{name} {ending}: wider than the screen")

    return look


if __name__ == "__main__":
    main()
