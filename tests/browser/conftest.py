"""A whole system with a small mutual in it, and browsers to look at it with.

Each person signs in once, since a one-time code opens once; tests take their session over.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from deploy.system import System, started
from tests.browser.mutual import Mutual, founded
from tests.browser.people import Person, person

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
# As root there is no sandbox, and nothing may be asked of the network in the background.
_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="package")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Everything, running."""
    with started(tmp_path_factory.mktemp("browser"), AMPARO_SANDBOX="1") as system:
        yield system


@pytest.fixture(scope="package")
def cashier(system: System) -> Person:
    return person(system, "Rosa Peralta", "cashier", "promoter")


@pytest.fixture(scope="package")
def administrator(system: System) -> Person:
    return person(system, "Carmen Ortiz", "administrator")


@pytest.fixture(scope="package")
def second(system: System) -> Person:
    """Who confirms what the others wrote."""
    return person(system, "Luis Guzmán", "administrator")


@pytest.fixture(scope="package")
def mutual(system: System, administrator: Person, second: Person) -> Mutual:
    """A mutual with one organisation and a few members, charged for a month."""
    return founded(system, administrator, second)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.fail("These tests need Debian's chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser, system: System) -> Iterator[Callable[..., BrowserContext]]:
    """`open_browser(person)`: a browser in which they are signed in; it fails on what the console tells."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def make(
        who: Person | None = None,
        language: str = "es-DO",
        viewport: ViewportSize = DESK,
        java_script_enabled: bool = True,
    ) -> BrowserContext:
        context = chromium.new_context(
            base_url=system.url,
            locale=language,
            viewport=viewport,
            java_script_enabled=java_script_enabled,
            storage_state=who.session(system, chromium) if who else None,
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            # Chromium writes a refused form (422) to the console as well: that is meant to be.
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "status of 4" not in said.text
                else None
            ),
        )
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_browser: Callable[..., BrowserContext], cashier: Person, mutual: Mutual) -> Page:
    """A page of the cashier's, on a desk."""
    return open_browser(cashier).new_page()


@pytest.fixture(scope="package")
def pictures() -> Path | None:
    """Where pictures of the pages are left for people to look at, if somebody wants to."""
    if not os.environ.get("SCREENSHOTS"):
        return None
    folder = Path(__file__).parent / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
