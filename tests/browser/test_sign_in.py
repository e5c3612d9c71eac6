"""Somebody of the staff comes in."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from deploy.system import System
from tests.browser.people import Person, person


@pytest.fixture(scope="module")
def newcomer(system: System) -> Person:
    return person(system, "Nidia Alba", "cashier")


def test_a_wrong_code_is_told_in_the_readers_words_and_the_right_one_opens_until_one_goes(
    open_browser: Callable[..., BrowserContext], newcomer: Person
) -> None:
    page = open_browser().new_page()
    page.goto("/admin/members")
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    newcomer.fill_in(page, code="000000")
    page.get_by_role("button", name="Entrar").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("El correo, la contraseña o el código no están bien.")
    expect(alert).to_be_focused()
    expect(page.locator("#email")).to_have_value(newcomer.email)
    newcomer.fill_in(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Buscar un afiliado")).to_be_visible()

    page.get_by_role("button", name="Salir").click()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    page.goto("/admin/help")
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()


def test_an_english_browser_is_asked_in_english_and_the_choice_stays(
    open_browser: Callable[..., BrowserContext],
) -> None:
    page = open_browser(language="en-US").new_page()
    page.goto("/admin/sign-in")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Entrar")).to_be_visible()
