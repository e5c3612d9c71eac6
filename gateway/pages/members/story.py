"""A member's story, put together from what each part knows: money, cover, benefits, messages.

A part that does not answer, or that the reader may not ask, leaves its chapter out; the page says
which part is missing, and shows the rest.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from gateway.pages.api import Refused, Unanswered
from gateway.pages.members import chapters
from gateway.pages.members.asking import RegisteredMember
from gateway.pages.members.views import Account, Coverage, Entry
from gateway.pages.payments import asking as money
from gateway.pages.visits import Visit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Story:
    """What is known of a member beyond the register; None is what was not answered."""

    entries: tuple[Entry, ...]
    account: Account | None
    coverage: Coverage | None


async def of(reader: Visit, member: RegisteredMember) -> Story:
    """The story of one member, as far as the reader may know it."""
    joined = chapters.joining(reader, member)
    if member.state == "applicant":
        # No other part has heard of them yet.
        return Story(tuple(joined), None, Coverage("none"))
    account, coverage, statement, benefits, messages = await asyncio.gather(
        _perhaps(reader, "payments:read", money.account(reader, member.id)),
        _perhaps(reader, "coverage:read", chapters.coverage(reader, member.id)),
        _perhaps(reader, "payments:read", chapters.statement(reader, member.id)),
        _perhaps(reader, "benefits:read", chapters.benefits(reader, member.id)),
        _perhaps(reader, "messages:read", chapters.messages(reader, member.id)),
    )
    entries = (*joined, *(statement or []), *(benefits or []), *(messages or []))
    return Story(entries, account, coverage)


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
