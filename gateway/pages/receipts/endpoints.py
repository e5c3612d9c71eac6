"""The public check of a receipt: open to everybody, and telling nothing of the person.

The gateway asks in its own name, since whoever holds a receipt has no token.
"""

import re
from datetime import date
from typing import Literal

from fastapi import Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from gateway.identity.tokens import minting
from gateway.pages.api import Api, Refused
from gateway.pages.frame import Frame
from gateway.pages.receipts.views import Verdict
from gateway.pages.replies import go, html, language_of
from gateway.pages.routes import page_router
from services.kit import clock
from services.kit.audit import SYSTEM
from services.kit.money import Money
from services.kit.principals import Principal

router = page_router(prefix="/r")

_SEPARATORS = re.compile(r"[\s.-]")
_WRITTEN = re.compile(r"[0-9A-Z]{8,32}", re.ASCII)
_ASKER = Principal(SYSTEM, "service", frozenset({"internal"}))


class _Checked(BaseModel):
    number: int | str
    amount: Money
    value_on: date
    state: Literal["posted", "reversed"]


@router.get("")
def ask_for_code(request: Request, code: str | None = None) -> Response:
    """A field for the code on the paper, for who cannot scan it."""
    plain = _plain(code or "")
    if plain:
        return go(f"/r/{plain}")
    return _show(request, None)


@router.get("/{check_code}")
async def check_receipt(request: Request, check_code: str) -> Response:
    """What a receipt is worth."""
    code = _plain(check_code)
    verdict = await _ask(request, code) if code else Verdict("unknown")
    return _show(request, verdict, 200 if verdict.amount else 404)


async def _ask(request: Request, code: str) -> Verdict:
    token = await run_in_threadpool(minting.mint, _ASKER)
    try:
        answer = await Api(request.state.pages_http, token).get("contributions", f"/v1/receipts/{code}")
    except Refused as refused:
        if refused.status in (404, 422):
            return Verdict("unknown")
        raise
    found = _Checked.model_validate(answer)
    status: Literal["valid", "reversed"] = "valid" if found.state == "posted" else "reversed"
    return Verdict(status, found.amount, found.value_on, str(found.number))


def _plain(written: str) -> str:
    """The code as it is stored, however it was typed; "" if it cannot be one."""
    bare = _SEPARATORS.sub("", written).upper()
    return bare if _WRITTEN.fullmatch(bare) else ""


def _show(request: Request, verdict: Verdict | None, status: int = 200) -> Response:
    frame = Frame(language_of(request), request.url.path, clock.now().date())
    return html("receipts/check.html", frame, status, view=verdict)
