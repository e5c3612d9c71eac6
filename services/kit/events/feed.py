"""`/internal/events`: a part's outbox for those who missed something. Service tokens only."""

from collections.abc import Callable, Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlmodel import Session

from services.kit.db import function_scoped
from services.kit.events import outbox
from services.kit.events.envelope import envelope
from services.kit.principals import Principal, requires
from services.kit.problems import documented

LIMIT_MAX = 1000

AnotherPart = Annotated[Principal, Depends(requires("internal"))]


def router(get_session: Callable[[], Iterator[Session]]) -> APIRouter:
    """`/internal/events` of one part."""
    routes = APIRouter(prefix="/internal/events", tags=["internal"])

    @routes.get("", responses=documented())
    def list_events(
        another_part: AnotherPart,
        session: Annotated[Session, function_scoped(get_session)],
        after: Annotated[int, Query(ge=0, description="The number that the first event follows")] = 0,
        limit: Annotated[int, Query(ge=0, le=LIMIT_MAX)] = LIMIT_MAX,
    ) -> Response:
        """The events after a number, as they were published; fewer than `limit` if they are large.

        `head` is the last number that was given, `first` the first that is still kept. An answer
        without events to a `limit` above 0 says that there are none.
        """
        # The head is read first: every number up to it is then found, or is older than `first`.
        first, head = outbox.reach(session)
        events = outbox.numbered_after(session, after, limit=limit) if limit else []
        listed = b",".join(envelope(event) for event in events)
        body = b'{"head":%d,"first":%d,"events":[%b]}' % (head, first, listed)
        return Response(body, media_type="application/json")

    return routes
