"""Asking every part for the month's figures and for what waits; the reader's rights decide whom.

A part that does not answer leaves its figures out, and the page says so.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel

from gateway.pages.api import Refused, Unanswered
from gateway.pages.approvals.asking import waiting as approvals_waiting
from gateway.pages.visits import Visit
from services.kit.money import Money
from services.kit.periods import Period


class Amount(BaseModel):
    """A sum and how many members it is of."""

    amount: Money
    members: int


class ArrearsAge(BaseModel):
    """Those who owe this many months."""

    months: int
    members: int
    amount: Money


class DayPaid(BaseModel):
    """What came in on one day."""

    on: date
    amount: Money


class PeriodFigures(BaseModel):
    """The month at contributions."""

    stage: Literal["uncharged", "charged", "filed", "billed", "remitted"]
    due_on: date
    cut_off_on: date
    charged: Amount
    collected: Amount
    declared: Amount
    remitted: Amount
    arrears: list[ArrearsAge]
    collected_by_day: list[DayPaid]


class Relayed(BaseModel):
    """The month at benefits."""

    opening: Money
    received: Money
    relayed: Money
    quarantined_count: int
    releasable_count: int


class Counts(BaseModel):
    """The register."""

    unverified: int
    phones_to_review: int


@dataclass(frozen=True, slots=True)
class Asked:
    """The answers; None where the reader has no right to one, or nobody answered."""

    period: Period
    money: PeriodFigures | None
    relayed: Relayed | None
    relayed_in: Period
    """Benefits come and go by the calendar, not by the month that contributions are paid for: beside the
    month in hand stands what was relayed in this one."""
    counts: Counts | None
    suspense: int | None
    approvals: int


async def month_in_hand(reader: Visit) -> Period:
    """The month that is being worked on: this one, or until it is charged the one before."""
    this = Period.of(reader.today)
    figures = await _period(reader, this)
    if figures is None or figures.stage != "uncharged":
        return this
    before = await _period(reader, this.plus(-1))
    return this if before is None or before.stage == "uncharged" else this.plus(-1)


async def ask(reader: Visit, period: Period) -> Asked:
    """All that the first page is made of."""
    this = Period.of(reader.today)
    relayed_in = this if period == this.plus(-1) else period
    money, relayed, counts, suspense, approvals = await asyncio.gather(
        _period(reader, period),
        _ask(
            reader,
            "disbursements:read",
            "benefits",
            "/v1/figures",
            Relayed.model_validate,
            period=str(relayed_in),
        ),
        _ask(reader, "members:verify", "registry", "/v1/counts", Counts.model_validate),
        _ask(
            reader, "suspense:settle", "contributions", "/v1/bank-lines", _count, state="suspense", limit=200
        ),
        _decidable(reader),
    )
    return Asked(period, money, relayed, relayed_in, counts, suspense, approvals)


async def _period(reader: Visit, period: Period) -> PeriodFigures | None:
    path = f"/v1/periods/{period}"
    found: PeriodFigures | None = await _ask(
        reader, "periods:read", "contributions", path, PeriodFigures.model_validate
    )
    return found


async def _ask(
    reader: Visit, scope: str, service: Any, path: str, read: Callable[[Any], Any], **query: Any
) -> Any:
    if not reader.may(scope):
        return None
    try:
        return read(await reader.api.get(service, path, **query))
    except Unanswered as error:
        reader.note_unanswered(error)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
    return None


async def _decidable(reader: Visit) -> int:
    if not reader.may("approvals:read"):
        return 0
    return sum(not request.own for request in await approvals_waiting(reader))


def _count(body: Any) -> int:
    return len(body["items"])
