"""Every page on a phone and on a desk, in both languages: nothing too wide, nothing refused, light.

With SCREENSHOTS=1 in the environment, pictures are left in `screenshots/` for people to look at.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Response, ViewportSize

from tests.browser.conftest import DESK, PHONE
from tests.browser.mutual import Mutual
from tests.browser.people import Person

PAGES = {
    "home": "/admin",
    "find": "/admin/members",
    "member": "/admin/members/{member}",
    "unverified": "/admin/members/unverified",
    "whose": "/admin/payments/new",
    "till": "/admin/payments/new/{member}",
    "import": "/admin/imports/new",
    "approvals": "/admin/approvals",
    "menu": "/admin/menu",
    "help": "/admin/help",
    "missing": "/admin/nowhere",
}
FIRST_PAGE_BYTES_MAX = 60_000


@pytest.fixture(scope="module")
def member(mutual: Mutual) -> str:
    return str(mutual.member("María Altagracia de los Ángeles", "Larguísima-Compuesta")["id"])


@pytest.mark.parametrize("language", ["es-DO", "en-US"])
@pytest.mark.parametrize(("size", "viewport"), [("phone", PHONE), ("desk", DESK)])
def test_every_page_fits(
    open_browser: Callable[..., BrowserContext],
    administrator: Person,
    member: str,
    pictures: Path | None,
    language: str,
    size: str,
    viewport: ViewportSize,
) -> None:
    page = open_browser(administrator, language, viewport).new_page()
    page.goto(f"/admin/language?to={language[:2]}&back=/admin")
    for name, path in PAGES.items():
        page.goto(path.format(member=member))
        if pictures:
            page.screenshot(path=pictures / f"{name}-{language[:2]}-{size}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"
        assert page.locator("html").get_attribute("lang") == language[:2]


def test_the_first_page_of_a_phone_is_light(
    open_browser: Callable[..., BrowserContext], administrator: Person, mutual: Mutual
) -> None:
    page = open_browser(administrator, viewport=PHONE).new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/admin", wait_until="networkidle")
    assert sum(len(answer.body()) for answer in answers) < FIRST_PAGE_BYTES_MAX
    assert all(answer.url.startswith(mutual.system.url) for answer in answers)
