"""Asking every part what waits for a second person."""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from gateway.pages.api import Part, Refused, Unanswered
from gateway.pages.approvals.facts import amount_of, told
from gateway.pages.approvals.views import Request
from gateway.pages.people import names_of
from gateway.pages.visits import Visit
from gateway.pages.words import N_
from gateway.settings import SERVICES

PARTS: tuple[Part, ...] = (*SERVICES, "gateway")
REQUESTS_MAX = 50
"""From each part; older ones first, so that the rest comes up as these are decided."""


class _Asked(BaseModel):
    id: UUID
    kind: str
    facts: dict[str, Any]
    requested_by: UUID
    requested_at: datetime


class _Page(BaseModel):
    items: list[_Asked]


async def waiting(reader: Visit) -> tuple[Request, ...]:
    """The requests that the reader could decide or has made, of all parts, oldest first."""
    answers = await asyncio.gather(*(_of(reader, service) for service in PARTS))
    asked = [(service, one) for service, page in zip(PARTS, answers, strict=True) for one in page]
    names = await run_in_threadpool(names_of, [one.requested_by for _, one in asked])
    unnamed = reader.say(N_("Somebody"))
    requests = (
        Request(
            id=str(one.id),
            service=service,
            kind=one.kind,
            asked_by=names.get(one.requested_by, unnamed),
            asked_at=one.requested_at,
            amount=amount_of(one.facts),
            facts=told(one.facts, reader),
            own=one.requested_by == reader.signed_in.principal.subject,
        )
        for service, one in asked
    )
    return tuple(sorted(requests, key=lambda request: request.asked_at))


async def _of(reader: Visit, service: Part) -> list[_Asked]:
    try:
        body = await reader.api.get(service, "/v1/approvals", limit=REQUESTS_MAX)
    except Unanswered as error:
        reader.note_unanswered(error)
        return []
    except Refused as refused:
        if refused.status in (403, 404):
            return []
        raise
    return _Page.model_validate(body).items
