"""Bringing a roster in: tried first, then for good, then confirmed by another person."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.mutual import Mutual
from tests.browser.people import Person, amparo


@pytest.fixture(scope="module")
def roster(mutual: Mutual, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty members and their families, some rows with a mistake."""
    path = tmp_path_factory.mktemp("rosters") / "padron.xlsx"
    amparo_arguments = ["sample", "roster", str(path), "--members", "40", "--errors", "0.1"]
    amparo(mutual.system, *amparo_arguments, "--organisation", "Sindicato de Choferes", home=False)
    return path


def send(page: Page, file: Path, mode: str) -> None:
    page.goto("/admin/imports/new")
    page.locator("#file").set_input_files(file)
    page.get_by_text(mode, exact=True).click()
    page.get_by_role("button", name="Leer el archivo").click()


def test_a_roster_is_tried_then_brought_in_then_confirmed_by_another(
    page: Page, open_browser: Callable[..., BrowserContext], second: Person, roster: Path
) -> None:
    send(page, roster, "Solo probar")
    expect(page.get_by_text("Fue solo una prueba: nada ha cambiado.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="Qué corregir")).to_be_visible()
    bad = page.locator(".counts .bad dd").inner_text()
    assert int(bad) > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Todo en un archivo").click()
    errors = download.value.path().read_text("utf-8-sig").splitlines()
    assert len(errors) > int(bad)

    page.get_by_role("link", name="Elegir el archivo otra vez").click()
    send(page, roster, "Registrar las filas buenas")
    expect(page.get_by_text("Esperan la verificación de una segunda persona.")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("button", name="Verificarlos a todos")).to_have_count(0)

    other = open_browser(second).new_page()
    other.goto(page.url)
    if other.locator("#code").count():
        other.locator("#code").fill(second.code())
    other.get_by_role("button", name="Verificarlos a todos").click()
    expect(other.get_by_text("Una segunda persona los verificó a todos.")).to_be_visible(timeout=30_000)


def test_a_file_that_is_not_what_it_says_is_refused_in_words(page: Page, tmp_path: Path) -> None:
    false = tmp_path / "padron.xlsx"
    false.write_bytes(b"\x00\x01 this is no workbook" * 40)
    send(page, false, "Solo probar")
    expect(page.get_by_role("alert")).to_be_visible(timeout=30_000)


def test_without_javascript_the_page_reloads_itself_until_it_is_done(
    open_browser: Callable[..., BrowserContext], cashier: Person, roster: Path
) -> None:
    page = open_browser(cashier, java_script_enabled=False).new_page()
    send(page, roster, "Solo probar")
    expect(page.get_by_text("Fue solo una prueba: nada ha cambiado.")).to_be_visible(timeout=30_000)
