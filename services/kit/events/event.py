"""What a part announces: a frozen model in the past tense, under a name that never changes meaning.

    class PaymentPosted(Event):
        name: ClassVar[str] = "contributions.payment_posted.v1"
        payments: list[PostedPayment]

A field may be added, never changed; a change is `.v2` beside `.v1`. An event carries only what a
declared consumer needs. *State* events carry a full state and its version, *facts* happen once.
"""

import re
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

DATA_BYTES_MAX = 900_000
"""NATS takes messages up to 1 MiB by default, envelope included."""

_NAME = re.compile(r"[a-z]+\.[a-z][a-z0-9_]*\.v[1-9][0-9]*")


class Event(BaseModel):
    """Subclass it in a part's `events.py` and give `name`: `<part>.<what_happened>.v<n>`."""

    model_config = ConfigDict(frozen=True)

    name: ClassVar[str]

    @classmethod
    def __pydantic_init_subclass__(cls, **given: Any) -> None:
        ensure_name(getattr(cls, "name", ""))

    def data(self) -> str:
        """The event's JSON. Raises ValueError if it is too large: announce in smaller chunks."""
        data = self.model_dump_json()
        if len(data) * 4 > DATA_BYTES_MAX and len(data.encode()) > DATA_BYTES_MAX:
            raise ValueError(f"{self.name} is larger than {DATA_BYTES_MAX} bytes: announce in smaller chunks")
        return data


def ensure_name(name: str) -> None:
    """Raises TypeError for a name that is not `<part>.<what_happened>.v<n>`."""
    if not _NAME.fullmatch(name):
        raise TypeError(f"an event's name is <part>.<what_happened>.v<n>, not {name!r}")


def producer_of(name: str) -> str:
    """The part that announces events of this name."""
    return name.partition(".")[0]
