"""An SMS gateway to play against: it takes signed messages and reports what became of each.

It is as bad as a real one: it refuses now and then, loses an answer, fails to deliver, reports twice,
out of order, and of messages that nobody sent. What it does with the nth message follows from the seed
alone. It listens on the loopback only, and keeps everything in memory.

    AMPARO_SANDBOX_SMS_SECRET=whsec_… AMPARO_SANDBOX_SMS_HOOK_SECRET=whsec_… \\
        python -m deploy.sandbox.sms_gateway --port 8010 --hook http://127.0.0.1:8000/hooks/sms

`POST /sms` takes messages. For demonstrations and tests: `GET /figures`, `GET /messages?to=`,
`GET /codes` (one-time codes by message id), `POST /inbound` {"from", "text"} plays a member who writes.
"""

import argparse
import asyncio
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import uvicorn
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from deploy.sandbox.sms_reports import Fate, Reports

HOST = "127.0.0.1"
FIGURES = (
    "taken",
    "known",
    "refused",
    "answers_lost",
    "bad_signatures",
    "delivered",
    "failed",
    "receipts",
    "webhooks_repeated",
)
_CODE = re.compile(r"(?:code|codigo): (\d{8})\b")


class SmsGateway:
    """Messages taken, each once for its webhook-id."""

    def __init__(self, hook: str, *, secret: str, hook_secret: str, seed: int = 1) -> None:
        self.figures: Counter[str] = Counter()
        self.messages: dict[str, dict[str, Any]] = {}
        self.reports = Reports(hook, hook_secret, seed=seed, figures=self.figures)
        self._signed_by = Webhook(secret)
        self._seed = seed
        self._fates: dict[str, Fate] = {}

    async def take(self, request: Request) -> Response:
        """Take a message, or do what its fate says."""
        body = await request.body()
        try:
            said = self._signed_by.verify(body, dict(request.headers))
            id, to, text = (said["data"][name] for name in ("id", "to", "text"))
        except (WebhookVerificationError, ValueError, KeyError, TypeError):
            return self._answer("bad_signatures", JSONResponse({"error": "signature"}, 401))
        is_new = id not in self._fates
        fate = self._fates[id] = self._fates[id] if not is_new else Fate.of(self._seed, len(self._fates) + 1)
        taken = JSONResponse({"id": id}, 202)
        if id in self.messages:
            return self._answer("known", taken)
        if is_new and fate.is_refused_first:
            return self._answer("refused", JSONResponse({"error": "busy"}, 503, {"Retry-After": "1"}))
        state = "delivered" if fate.is_delivered else "failed"
        self.messages[id] = {"id": id, "to": to, "text": text, "state": state}
        self.reports.plan(id, fate)
        self.figures[state] += 1
        self.figures["answers_lost"] += fate.loses_answer
        return self._answer("taken", _HungUp() if fate.loses_answer else taken)

    def _answer(self, counted: str, answer: Response) -> Response:
        self.figures[counted] += 1
        return answer

    async def show_figures(self, request: Request) -> Response:
        """What it has done so far; `waiting` are receipts still to be sent."""
        shown = {name: self.figures[name] for name in FIGURES}
        return JSONResponse(shown | {"waiting": len(self.reports)})

    async def show_messages(self, request: Request) -> Response:
        """The texts as they came, in order; `?to=` of one phone."""
        to = request.query_params.get("to")
        return JSONResponse([one for one in self.messages.values() if to in (None, one["to"])])

    async def show_codes(self, request: Request) -> Response:
        """One-time codes by the id of the message that brought them."""
        found = {id: _CODE.search(message["text"]) for id, message in self.messages.items()}
        return JSONResponse({id: match[1] for id, match in found.items() if match})

    async def write(self, request: Request) -> Response:
        """Play a member who writes; answers with the status of the hook."""
        given = await request.json()
        data = {"from": given["from"], "text": given["text"]}
        status = await self.reports.post("sms.inbound", data, id=given.get("id", f"msg_{uuid4().hex}"))
        return JSONResponse({"status": status})


class _HungUp(Response):
    """The connection ends in the middle of the answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 202, "headers": [(b"content-length", b"9")]})
        await send({"type": "http.response.body", "body": b"", "more_body": True})


def app_of(gateway: SmsGateway) -> Starlette:
    """Its HTTP face; receipts go out while it runs."""

    @asynccontextmanager
    async def reporting(app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(gateway.reports.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    routes = [
        Route("/sms", gateway.take, methods=["POST"]),
        Route("/inbound", gateway.write, methods=["POST"]),
        Route("/figures", gateway.show_figures),
        Route("/messages", gateway.show_messages),
        Route("/codes", gateway.show_codes),
    ]
    return Starlette(routes=routes, lifespan=reporting)


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine alone."""
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def main() -> None:
    """Take messages until told to stop."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--hook", required=True, help="where receipts go: …/hooks/sms on this machine")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if not is_loopback(given.hook):
        parser.error("the hook must be on the loopback: this is a toy, and it shows what people are told")
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    gateway = SmsGateway(
        given.hook,
        secret=os.environ["AMPARO_SANDBOX_SMS_SECRET"],
        hook_secret=os.environ["AMPARO_SANDBOX_SMS_HOOK_SECRET"],
        seed=given.seed,
    )
    uvicorn.run(app_of(gateway), host=HOST, port=given.port, log_config=None, timeout_keep_alive=75)


if __name__ == "__main__":
    main()
