"""Help, the menu as a page, and what is said where there is no page."""

from fastapi import Response

from gateway.pages.help.words import TRADE_WORDS
from gateway.pages.routes import page_router
from gateway.pages.visits import VisitDep
from services.kit.problems import NotFound

router = page_router()
nowhere = page_router()


@router.get("/help")
def show_help(reader: VisitDep) -> Response:
    """What is done most, step by step, and the words of the trade."""
    return reader.page("help/show.html", words=TRADE_WORDS)


@router.get("/menu")
def show_menu(reader: VisitDep) -> Response:
    """All places, for screens too small for a menu beside the page."""
    return reader.page("help/menu.html")


@nowhere.get("/{rest:path}")
def find_nothing(rest: str, reader: VisitDep) -> Response:
    """The last route of all: an address under /admin that is none."""
    raise NotFound
