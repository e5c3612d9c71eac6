"""Lists: `?limit=&after=`, newest id last, and a `Link` header to the next page."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

LIMIT_MAX = 200


class Page:
    """The page that was asked for: at most `limit` rows whose id comes after `after`."""

    def __init__(
        self,
        request: Request,
        response: Response,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Rows to a page")] = 50,
        after: Annotated[UUID | None, Query(description="Id of the last row already seen")] = None,
    ) -> None:
        self.limit = limit
        self.after = after
        self._request = request
        self._response = response

    def link_next(self, last_id: UUID | None, count: int) -> None:
        """Point to the next page, if this one is full (RFC 8288). The link is relative: a gateway
        may stand before.
        """
        if last_id is not None and count >= self.limit:
            following = self._request.url.include_query_params(after=str(last_id), limit=self.limit)
            self._response.headers["Link"] = f'<?{following.query}>; rel="next"'


PageDep = Annotated[Page, Depends()]
