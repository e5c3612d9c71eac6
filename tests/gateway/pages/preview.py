"""Look at the pages: `python -m tests.gateway.pages.preview FOLDER [NAME …]` shoots each sample.

Served with the same headers as in life, so that what the Content-Security-Policy refuses is seen to
be missing. 1280 and 390 pixels, Spanish and English, light; `--dark` for the dark tokens.
"""

import argparse
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI, Response
from playwright.sync_api import Browser, sync_playwright

from gateway.locale import Language
from gateway.pages import assets
from gateway.pages.headers import PAGE_HEADERS
from gateway.pages.rendering import render
from tests.gateway.pages.samples import SAMPLES, sample

ZONE = ZoneInfo("America/Santo_Domingo")
PORT = 8931
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def create_app() -> FastAPI:
    app = FastAPI()
    app.include_router(assets.router)

    @app.get("/preview/{language}/{name}")
    def show(language: Language, name: str) -> Response:
        template, frame, given = sample(name, language)
        html = render(template, frame, ZONE, **given)
        return Response(html, media_type="text/html", headers=PAGE_HEADERS)

    return app


def shoot(browser: Browser, name: str, language: Language, width: int, to: Path, dark: bool) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 844 if width < 600 else 900},
        color_scheme="dark" if dark else "light",
    )
    page.on("console", lambda said: print(name, said.text) if said.type == "error" else None)  # noqa: T201
    page.goto(f"http://127.0.0.1:{PORT}/preview/{language}/{name}")
    overflow = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if overflow:
        print(f"{name} {language} {width}: wider than the window")  # noqa: T201
    page.screenshot(path=to / f"{name}-{language}-{width}{'-dark' if dark else ''}.png", full_page=True)
    page.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--languages", default="es,en")
    parser.add_argument("--widths", default="1280,390")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    server = uvicorn.Server(uvicorn.Config(create_app(), port=PORT, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGS)
        for name in given.names or SAMPLES:
            for language in given.languages.split(","):
                for width in given.widths.split(","):
                    shoot(browser, name, language, int(width), given.folder, given.dark)
        browser.close()
    server.should_exit = True


if __name__ == "__main__":
    main()
