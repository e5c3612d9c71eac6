"""No request that is answered here brings more than it may: pages, hooks, tokens, the gateway's own API.

(What is forwarded is measured by the forwarder.) A body that says its length is refused by it; one
that does not is counted as it comes.
"""

import json

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.forwarding.bodies import too_large
from gateway.settings import Settings
from services.kit.problems import CONTENT_TYPE

UPLOADS_UNDER = "/admin/"
"""Pages take files in forms; nothing else here does."""


class _CutShort(Exception):
    """The body grew too large; whoever was reading it is stopped."""


class BoundedBodies:
    """ASGI middleware, inside the one that gives request ids: a refusal has one too, and is counted."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.bytes_max = settings.body_bytes_max
        self.upload_bytes_max = settings.upload_bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        length = headers.get(b"content-length", b"")
        bytes_max = self._bytes_max(scope, headers)
        if length.isdigit() and int(length) > bytes_max:
            await _refuse(send, bytes_max)
        elif b"transfer-encoding" not in headers:
            await self.app(scope, receive, send)  # the server sees to it that the length is true
        else:
            await _Counted(self.app, bytes_max)(scope, receive, send)

    def _bytes_max(self, scope: Scope, headers: dict[bytes, bytes]) -> int:
        is_form = headers.get(b"content-type", b"").lower().startswith(b"multipart/form-data")
        is_upload = is_form and scope["path"].startswith(UPLOADS_UNDER)
        return self.upload_bytes_max if is_upload else self.bytes_max


class _Counted:
    """One request whose body is counted as it comes."""

    def __init__(self, app: ASGIApp, bytes_max: int) -> None:
        self.app = app
        self.bytes_max = bytes_max
        self.bytes = 0
        self.is_refused = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted() -> Message:
            message = await receive()
            self.bytes += len(message.get("body", b""))
            if self.bytes > self.bytes_max and not self.is_refused:
                self.is_refused = True
                await _refuse(send, self.bytes_max)
            if self.is_refused:
                raise _CutShort
            return message

        async def unless_refused(message: Message) -> None:
            if not self.is_refused:
                await send(message)

        try:
            await self.app(scope, counted, unless_refused)
        except Exception:
            if not self.is_refused:
                raise


async def _refuse(send: Send, bytes_max: int) -> None:
    problem = too_large(bytes_max)
    body = json.dumps(problem.body()).encode()
    headers = [(b"content-type", CONTENT_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
