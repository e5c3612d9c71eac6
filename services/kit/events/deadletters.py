"""The HTTP face of dead letters, the same in every part: what failed for good, and another try."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Row
from sqlmodel import Session

from services.kit import audit
from services.kit.db import function_scoped
from services.kit.events import letters
from services.kit.paging import PageDep
from services.kit.principals import Principal, requires
from services.kit.problems import NotFound, documented

Auditor = Annotated[Principal, Depends(requires("audit:read"))]
Administrator = Annotated[Principal, Depends(requires("clients:manage"))]


class DeadLetterOut(BaseModel):
    """An event that could not take effect here."""

    id: UUID
    producer: str
    number: int | None = Field(description="The producer's number of the event")
    name: str = Field(examples=["registry.member_changed.v1"])
    state: Literal["waiting", "dead"]
    tries: int
    error: str = Field(examples=["UniqueViolation 23505 at services/benefits/payouts/queries.py:41"])
    first_failed_at: datetime
    last_failed_at: datetime
    next_try_at: datetime | None
    data: Any = Field(description="The event's data; every value that is not an id is covered")

    @classmethod
    def of(cls, letter: Row[Any]) -> "DeadLetterOut":
        shown = {**letter._mapping, "data": letters.masked(bytes(letter.envelope))}
        return cls.model_validate(shown)


class DeadLettersOut(BaseModel):
    """A page of letters."""

    items: list[DeadLetterOut]


class RetryOut(BaseModel):
    """The letter will be tried again within a second or two, up to ten times."""

    id: UUID


def router(get_session: Callable[[], Iterator[Session]]) -> APIRouter:
    """`/v1/dead-letters` of one part."""
    routes = APIRouter(prefix="/v1/dead-letters", tags=["dead letters"])

    @routes.get("", responses=documented())
    def list_dead_letters(
        auditor: Auditor,
        page: PageDep,
        session: Annotated[Session, function_scoped(get_session)],
        state: Annotated[Literal["waiting", "dead"], Query()] = "dead",
    ) -> DeadLettersOut:
        """Events that failed, oldest first; `waiting` are those that will still be tried."""
        found = letters.listed(session, state=state, after=page.after, limit=page.limit)
        page.link_next(found[-1].id if found else None, len(found))
        return DeadLettersOut(items=[DeadLetterOut.of(letter) for letter in found])

    @routes.post("/{letter_id}/retries", status_code=201, responses=documented(NotFound))
    def retry_dead_letter(
        letter_id: UUID,
        administrator: Administrator,
        session: Annotated[Session, function_scoped(get_session)],
    ) -> RetryOut:
        """Have a dead letter tried again; it disappears when its event has taken effect."""
        if not letters.try_again(session, letter_id):
            raise NotFound("There is no such dead letter; perhaps it is being tried already.")
        audit.write(session, "dead_letters.retry", letter_id, by=administrator)
        return RetryOut(id=letter_id)

    return routes
