"""The first page: the month as it stands, and what waits for whoever reads it."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.mutual import Mutual, register
from tests.browser.people import Person


def test_the_month_is_told_as_the_books_have_it(
    page: Page, open_browser: Callable[..., BrowserContext], administrator: Person, mutual: Mutual
) -> None:
    member = mutual.member("Haydée", "Cuentas")
    page.goto(f"/admin/payments/new/{member['id']}")
    page.get_by_role("button", name="Cobrar").click()
    expect(page.locator(".receipt")).to_be_visible()
    with administrator.api(mutual.system) as api:
        month = api.get(f"/contributions/v1/periods/{mutual.period}").json()
    home = open_browser(administrator).new_page()
    home.goto("/admin")
    charged, collected = home.locator(".stage .amount").all_inner_texts()[:2]
    assert charged == f"RD${float(month['charged']['amount']['amount']):,.2f}"
    assert collected == f"RD${float(month['collected']['amount']['amount']):,.2f}"
    expect(home.get_by_role("img", name="se habían cobrado")).to_be_visible()
    home.get_by_text("Lo mismo en cifras").click()
    assert home.locator(".figures tbody tr").count() == len(month["collected_by_day"])


def test_what_waits_leads_to_where_it_is_seen_to(
    open_browser: Callable[..., BrowserContext], administrator: Person, second: Person, mutual: Mutual
) -> None:
    register(mutual.system, administrator, mutual.organisation_id, "Hilda", "Espera")
    home = open_browser(second).new_page()
    home.goto("/admin")
    home.get_by_role("link", name="Afiliados por verificar").click()
    home.get_by_role("link", name="Hilda Espera").click()
    expect(home.get_by_role("button", name="Es esta persona")).to_be_visible()


def test_another_month_is_a_click_away(
    open_browser: Callable[..., BrowserContext], administrator: Person, mutual: Mutual
) -> None:
    home = open_browser(administrator).new_page()
    home.goto("/admin?period=2026-07")
    home.get_by_role("link", name="junio de 2026").click()
    expect(home.get_by_role("heading", name="El mes de junio de 2026")).to_be_visible()


def test_who_may_see_no_figures_still_has_a_first_page(
    open_browser: Callable[..., BrowserContext], cashier: Person, mutual: Mutual
) -> None:
    home = open_browser(cashier).new_page()
    home.goto("/admin")
    expect(home.get_by_role("heading", name="Buen día, Rosa")).to_be_visible()
    expect(home.locator(".stage")).to_have_count(0)
