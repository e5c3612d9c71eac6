"""Finding a member, and the member's page."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.mutual import Mutual, register
from tests.browser.people import Person


def test_results_come_while_one_types_and_no_name_stands_in_the_address(page: Page, mutual: Mutual) -> None:
    mutual.member("Altagracia", "Búsqueda")
    page.goto("/admin/members")
    page.keyboard.type("busqueda alta", delay=10)
    result = page.get_by_role("link", name="Altagracia Búsqueda")
    expect(result).to_be_visible()
    assert page.url.endswith("/admin/members")
    result.click()
    expect(page.get_by_role("heading", name="Altagracia Búsqueda")).to_be_visible()
    assert "busqueda" not in page.url.lower()


def test_a_member_is_found_by_each_of_their_marks_without_javascript(
    open_browser: Callable[..., BrowserContext], cashier: Person, mutual: Mutual
) -> None:
    member = mutual.member("Mercedes", "Marcas")
    page = open_browser(cashier, java_script_enabled=False).new_page()
    for mark in (member["document"], member["member_number"], member["phone"], "marcas mercedes"):
        page.goto("/admin/members")
        page.locator("#text").fill(mark)
        page.locator("#text").press("Enter")
        expect(page.get_by_role("link", name="Mercedes Marcas")).to_be_visible()


def test_nobody_found_is_told_with_what_to_try(page: Page) -> None:
    page.goto("/admin/members")
    page.locator("#text").fill("nadie se llama así")
    page.get_by_role("button", name="Buscar").click()
    expect(page.get_by_role("heading", name="No se encontró a nadie")).to_be_visible()
    expect(page.locator("#text")).to_have_value("nadie se llama así")


def test_the_page_tells_family_money_and_story(page: Page, mutual: Mutual) -> None:
    member = mutual.member("Milagros", "Historia")
    page.goto(f"/admin/payments/new/{member['id']}")
    page.locator("#amount").fill("100")
    page.get_by_role("button", name="Cobrar").click()
    page.get_by_role("link", name="Página del afiliado").click()
    expect(page.locator(".family")).to_contain_text("Ana Historia")
    expect(page.locator(".timeline")).to_contain_text("RD$100.00")
    page.get_by_role("link", name="Pagos", exact=True).click()
    expect(page.locator(".timeline li")).to_have_count(1)


def test_a_second_person_verifies_and_the_first_is_not_offered_to(
    open_browser: Callable[..., BrowserContext], administrator: Person, second: Person, mutual: Mutual
) -> None:
    member = register(mutual.system, administrator, mutual.organisation_id, "Mirta", "Nueva")
    first = open_browser(administrator).new_page()
    first.goto(f"/admin/members/{member['id']}")
    expect(first.get_by_role("button", name="Es esta persona")).to_have_count(0)
    other = open_browser(second).new_page()
    other.goto(f"/admin/members/{member['id']}")
    if other.locator("#code").count():
        other.locator("#code").fill(second.code())
    other.get_by_role("button", name="Es esta persona").click()
    expect(other.get_by_text("Verificado. Desde ahora se le cobra")).to_be_visible()
