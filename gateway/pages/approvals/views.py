"""What the page of approvals shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.pages.forms import Form
from services.kit.money import Money


@dataclass(frozen=True, slots=True)
class Request:
    """One request for a second person. `facts` are (label, value) pairs in the reader's words."""

    id: str
    service: str
    kind: str
    asked_by: str
    asked_at: datetime
    amount: Money | None = None
    reason: str = ""
    facts: Sequence[tuple[str, str]] = ()
    own: bool = False
    """True if the reader asked for it, and so may not decide it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """All requests that the reader may see, oldest first; `form` belongs to the one in `open_id`."""

    requests: tuple[Request, ...]
    form: Form
    open_id: str | None = None
    unanswered: tuple[str, ...] = ()
    """Parts of the system that did not answer just now."""
