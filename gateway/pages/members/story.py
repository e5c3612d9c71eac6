"""A member's story, put together from what each part knows: money, cover, benefits, messages.

A part that does not answer, or that the reader may not ask, leaves its chapter out; the page says
which part is missing, and shows the rest.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel

from gateway.pages import formatting
from gateway.pages.api import Refused, Unanswered
from gateway.pages.members.asking import RegisteredMember
from gateway.pages.members.views import Account, Coverage, Entry
from gateway.pages.payments import asking as money
from gateway.pages.visits import Visit
from gateway.pages.words import N_, word
from services.kit import clock
from services.kit.money import Money

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a member beyond the register; None is what was not answered."""

    entries: tuple[Entry, ...]
    account: Account | None
    coverage: Coverage | None


class _Benefit(BaseModel):
    payout_id: str
    amount: Money
    state: str
    channel: str | None
    benefit: str | None
    matched_at: datetime
    paid_on: date | None


async def of(reader: Visit, member: RegisteredMember) -> Story:
    """The story of one member, as far as the reader may know it."""
    account, payments, benefits = await asyncio.gather(
        _perhaps(reader, "payments:read", money.account(reader, member.id)),
        _perhaps(reader, "payments:read", _payments(reader, member.id)),
        _perhaps(reader, "benefits:read", _benefits(reader, member.id)),
    )
    entries = [*_joining(reader, member), *(payments or []), *(benefits or [])]
    return Story(tuple(entries), account, None)


async def _perhaps(reader: Visit, scope: str, asked: Coroutine[Any, Any, T]) -> T | None:
    """The answer, or None where the reader has no right to it or nobody answers."""
    if not reader.may(scope):
        asked.close()
        return None
    try:
        return await asked
    except Unanswered as error:
        reader.note_unanswered(error)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
    return None


def _joining(reader: Visit, member: RegisteredMember) -> list[Entry]:
    told = [
        Entry("family", _day(member.registered_at), reader.say(N_("Registered")), member.organisation_name)
    ]
    if member.enrolled_at:
        told.append(
            Entry(
                "family", _day(member.enrolled_at), reader.say(N_("Verified by a second person")), tone="good"
            )
        )
    return told


async def _payments(reader: Visit, member_id: str) -> list[Entry]:
    return [_payment(reader, one) for one in await money.payments_of(reader, member_id)]


def _payment(reader: Visit, one: money.Payment) -> Entry:
    number = reader.say(N_("Receipt %(number)s"), number=one.receipt.number)
    undone = one.state == "reversed"
    return Entry(
        "payment",
        one.value_on,
        reader.say(N_("Payment reversed") if undone else N_("Payment")),
        f"{number} · {word(reader.words, 'channel', one.channel)}",
        one.amount,
        "bad" if undone else "good",
        f"/admin/payments/{one.id}",
    )


async def _benefits(reader: Visit, member_id: str) -> list[Entry]:
    body = await reader.api.get("benefits", f"/v1/members/{member_id}/benefits", limit=200)
    return [_benefit(reader, _Benefit.model_validate(item)) for item in body["items"]]


def _benefit(reader: Visit, one: _Benefit) -> Entry:
    # What a benefit is for comes only to who may read it.
    title = word(reader.words, "benefit", one.benefit) if one.benefit else reader.say(N_("Benefit"))
    state = word(reader.words, "payout_state", one.state)
    if one.paid_on:
        state = f"{state}, {formatting.day(one.paid_on, reader.language)}"
    return Entry("benefit", _day(one.matched_at), title, state, one.amount, "amber")


def _day(moment: datetime) -> date:
    return moment.astimezone(clock.zone()).date()
