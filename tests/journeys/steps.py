"""What people do in the journeys, in their words: fill a form, press its button, read the page."""

import re

from playwright.sync_api import Error, Page, expect

PASSWORD = "un mot de passe solide"


def back(page: Page) -> None:
    """Press the browser's Back. While a page is still being put in place the browser has no history to tell: ask again then."""
    page.wait_for_load_state()
    for _ in range(10):
        try:
            page.go_back()
        except Error as fault:
            if "Not attached" not in str(fault):
                raise
            page.wait_for_timeout(300)
        else:
            return
    raise AssertionError("the browser did not go back")


def spelt(words: str) -> re.Pattern[str]:
    """These words in capitals or not, whatever spaces stand between them: some of French break no line."""
    return re.compile(re.escape(words).replace("\\ ", r"\s+"), re.I)


class Walk:
    """One person at one browser."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        page.set_default_timeout(8_000)

    def open(self, path: str) -> None:
        """Go to an address of the site; any server error fails."""
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status < 500, path

    def fill(self, **answers: str) -> None:
        """Fill fields by their names."""
        for name, value in answers.items():
            self.page.locator(f"main [name='{name}']").first.fill(value)

    def choose(self, **answers: str) -> None:
        """Choose in lists, or tick the answer of a question, by name and value."""
        for name, value in answers.items():
            field = self.page.locator(f"main select[name='{name}']")
            if field.count():
                field.first.select_option(value)
            else:
                self.page.locator(f"main input[name='{name}'][value='{value}']").check(force=True)

    def press(self, words: str) -> None:
        """Press the first button with these words and wait for the answer."""
        button = self.page.locator("main").get_by_role("button", name=spelt(words))
        offered = self.page.locator("main").get_by_role("button").all_inner_texts()
        assert button.count(), f"no button “{words}” on {self.page.url}; there are {offered}"
        button.first.click()
        self.page.wait_for_load_state()

    def reads(self, words: str) -> None:
        """The page says so."""
        expect(self.page.locator("body")).to_contain_text(spelt(words))

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Sign in and be let in."""
        self.open("/sign-in")
        self.fill(email=email, password=password)
        self.page.locator("main form button").first.click()
        self.page.wait_for_load_state()
        assert "/sign-in" not in self.page.url, self.page.locator("main").inner_text()
