"""At the counter: the money is taken once, whatever is clicked, and the receipt is in the hand."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.mutual import Mutual
from tests.browser.people import Person


def test_a_payment_is_taken_with_the_keyboard_alone(page: Page, mutual: Mutual) -> None:
    member = mutual.member("Laura", "Teclado")
    due = mutual.account(member["id"])["due"]["amount"]
    page.goto("/admin/payments/new")
    page.keyboard.type(member["document"])
    page.keyboard.press("Enter")
    expect(page.locator("#amount")).to_be_focused()
    expect(page.get_by_text("Laura Teclado")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Imprimir")).to_be_focused()
    expect(page.locator(".receipt")).to_contain_text(f"RD${float(due):,.2f}")
    assert [one["amount"]["amount"] for one in mutual.payments(member["id"])] == [due]


def test_a_double_click_takes_the_money_once(page: Page, mutual: Mutual) -> None:
    member = mutual.member("Lucía", "Doble")
    page.goto(f"/admin/payments/new/{member['id']}")
    page.get_by_role("button", name="Cobrar").dblclick()
    expect(page.locator(".receipt")).to_be_visible()
    assert len(mutual.payments(member["id"])) == 1


def test_without_javascript_the_same_form_sent_twice_leads_to_the_same_receipt(
    open_browser: Callable[..., BrowserContext], cashier: Person, mutual: Mutual
) -> None:
    member = mutual.member("Luz", "Sinscript")
    page = open_browser(cashier, java_script_enabled=False).new_page()
    page.goto("/admin/payments/new")
    page.locator("#text").fill("sinscript")
    page.locator("#text").press("Enter")
    page.locator("#amount").fill("1,500.50")
    form: dict[str, str | float | bool] = {
        name: page.locator(f"#page input[name={name}]").input_value()
        for name in ("csrf", "idempotency_key", "currency", "amount", "reference")
    }
    address = page.url
    # The second click of two overtakes the first one's answer.
    page.get_by_role("button", name="Cobrar").dblclick()
    expect(page.locator(".receipt")).to_contain_text("RD$1,500.50")
    # The line broke, and the browser sends it once more.
    again = page.request.post(address, form=form)
    assert again.url == page.url
    assert len(mutual.payments(member["id"])) == 1


def test_a_mistyped_amount_is_told_at_its_field_and_nothing_is_lost(page: Page, mutual: Mutual) -> None:
    member = mutual.member("Lidia", "Errata")
    page.goto(f"/admin/payments/new/{member['id']}")
    page.locator("#amount").fill("1.500,50")
    page.locator("#reference").fill("Vale 12")
    page.get_by_role("button", name="Cobrar").click()
    expect(page.locator("#amount-error")).to_contain_text("con punto antes de los centavos")
    expect(page.locator("#amount")).to_have_value("1.500,50")
    expect(page.locator("#amount")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#reference")).to_have_value("Vale 12")
    expect(page.get_by_role("alert")).to_be_focused()
    assert mutual.payments(member["id"]) == []


def test_anyone_can_check_the_receipt_and_learns_nothing_of_the_member(
    page: Page, open_browser: Callable[..., BrowserContext], mutual: Mutual
) -> None:
    member = mutual.member("Lola", "Recibo")
    page.goto(f"/admin/payments/new/{member['id']}")
    page.get_by_role("button", name="Cobrar").click()
    address = page.locator(".receipt .check a").get_attribute("href")
    assert address
    stranger = open_browser().new_page()
    stranger.goto(address)
    expect(stranger.get_by_role("heading", name="Este recibo es auténtico")).to_be_visible()
    assert "Lola" not in stranger.content()
    stranger.goto(address[:-1] + ("A" if address[-1] != "A" else "B"))
    expect(stranger.get_by_role("heading", name="Ese recibo no se emitió")).to_be_visible()


@pytest.mark.parametrize("decision", ["Aprobar", "Rechazar"])
def test_a_reversal_takes_two_people(
    page: Page,
    open_browser: Callable[..., BrowserContext],
    mutual: Mutual,
    second: Person,
    decision: str,
) -> None:
    member = mutual.member("Lina", decision)
    page.goto(f"/admin/payments/new/{member['id']}")
    page.get_by_role("button", name="Cobrar").click()
    page.get_by_text("Algo está mal con este pago").click()
    page.locator("#reason").fill(f"Afiliado equivocado {decision}")
    page.get_by_role("button", name="Pedir un reverso").click()
    expect(page.get_by_text("El reverso quedó pedido.")).to_be_visible()
    receipt = page.url.partition("?")[0]
    other = open_browser(second).new_page()
    other.goto("/admin/approvals")
    request = other.locator("article", has_text=f"Afiliado equivocado {decision}")
    request.get_by_role("link", name="Decidir").click()
    if other.locator("#code").count():
        other.locator("#code").fill(second.code())
    other.locator("#reason").fill("Lo miré con la cajera")
    other.get_by_role("button", name=decision).click()
    expect(other.get_by_role("status").first).to_be_visible()
    page.goto(receipt)
    reversed_badge = page.locator(".receipt").get_by_text("Reversado")
    expect(reversed_badge).to_have_count(1 if decision == "Aprobar" else 0)
