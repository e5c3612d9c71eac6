"""What the page of approvals shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from gateway.pages.forms import Form
from services.kit.money import Money


class Fact(NamedTuple):
    """One thing to know before deciding, in the reader's words; `href` leads to more of it."""

    label: str
    value: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request for a second person."""

    id: str
    service: str
    kind: str
    asked_by: str
    asked_at: datetime
    amount: Money | None = None
    facts: Sequence[Fact] = ()
    own: bool = False
    """True if the reader asked for it, and so may not decide it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All requests that the reader may see, oldest first; `form` belongs to the one in `open_id`."""

    requests: tuple[Request, ...]
    form: Form
    open_id: str | None = None
    needs_code: bool = True
