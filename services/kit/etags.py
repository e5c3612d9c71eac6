"""Edits that do not overwrite each other: an ETag is the row's version, and a change names it.

`GET` answers `ETag: "3"`; `PATCH` must send `If-Match: "3"` (RFC 9110, RFC 6585).
"""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from services.kit.problems import Invalid, Problem

_STRONG = re.compile(r'"(\d{1,18})"', re.ASCII)


class IfMatchMissing(Problem):
    """Say in If-Match which version you are changing."""

    status = 428


class VersionChanged(Problem):
    """Somebody changed it since you read it."""

    status = 412


WHEN_CHANGING = (IfMatchMissing, VersionChanged)


def show_version(response: Response, version: int) -> None:
    """Answer the version as the ETag."""
    response.headers["ETag"] = f'"{version}"'


def ensure_version(expected: int, current: int) -> None:
    """Refuse a change made on another version than the current one. Raises VersionChanged."""
    if expected != current:
        raise VersionChanged(f"It is at version {current} now. Read it again, then change it.")


def read_if_match(
    shown: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of what you read", examples=['"3"'])
    ] = None,
) -> int:
    """The version that the request was made on. Raises IfMatchMissing, Invalid."""
    if shown is None:
        raise IfMatchMissing("Read it first, and send the ETag of that answer as If-Match.")
    match = _STRONG.fullmatch(shown.strip())
    if match is None:
        raise Invalid('If-Match: send one ETag as it was answered, for example "3".')
    return int(match[1])


IfMatch = Annotated[int, Depends(read_if_match)]
