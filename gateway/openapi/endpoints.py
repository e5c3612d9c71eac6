"""HTTP face of the merged OpenAPI document: open to everybody, made at most once a minute."""

import asyncio
import json
import time
from typing import Any

import aiohttp
from fastapi import APIRouter, Depends, Request, Response

from gateway.admission import admit_opening
from gateway.forwarding import Pool
from gateway.openapi.merging import Document, merge
from gateway.settings import SERVICES, Service, settings
from services.kit.settings import kit_settings

KEPT_SECONDS = 60.0
MISSING_KEPT_SECONDS = 5.0
_TIMEOUT = aiohttp.ClientTimeout(total=3)

router = APIRouter()


class Merged:
    """The document of one application; a part that does not answer keeps the description it had."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._parts: dict[str, Document | None] = dict.fromkeys(SERVICES)
        self._text = b""
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def text(self, own: Document) -> bytes:
        """The document's JSON; `own` is what the gateway says of itself."""
        async with self._lock:
            if time.monotonic() >= self._until:
                answers = await asyncio.gather(*(self._fetch(service) for service in SERVICES))
                for service, answer in zip(SERVICES, answers, strict=True):
                    self._parts[service] = answer or self._parts[service]
                merged = merge(own, self._parts, url=kit_settings().outside_url)
                self._text = json.dumps(merged, ensure_ascii=False).encode()
                kept = KEPT_SECONDS if all(answers) else MISSING_KEPT_SECONDS
                self._until = time.monotonic() + kept
        return self._text

    async def _fetch(self, service: Service) -> Document | None:
        url = f"{settings().url_of(service)}/openapi.json"
        try:
            async with self._pool.client().get(url, timeout=_TIMEOUT) as answer:
                if answer.status != 200:
                    return None
                document: Any = json.loads(await answer.read())
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None
        return document if isinstance(document, dict) else None


@router.get("/api/openapi.json", include_in_schema=False, dependencies=[Depends(admit_opening)])
async def read_openapi(request: Request) -> Response:
    """Everything that can be asked here, in one OpenAPI document."""
    merged: Merged = request.app.state.openapi
    text = await merged.text(request.app.openapi())
    return Response(text, media_type="application/json", headers={"Cache-Control": "public, max-age=60"})
