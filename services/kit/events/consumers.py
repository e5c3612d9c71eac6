"""What a part reacts to: handlers by event name, each called with a batch at once.

    consumers = Consumers("contributions")

    @consumers.on("registry.member_enrolled.v1", MembersChanged, kind="state")
    @consumers.on("registry.member_changed.v1", MembersChanged, kind="state")
    def remember_members(session: Session, events: list[Received[MembersChanged]]) -> None:
        ...

The reader declares only the fields that the consumer uses. A *state* handler may see an event again
and older after newer: it takes a row only if its version is newer (`newest` first, since one batch
may hold several versions). A *fact* handler sees each event once. Both run in the inbox's transaction:
they commit nothing, call nobody, and set-based work is one statement for the whole batch.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel
from sqlmodel import Session

from services.kit.events.envelope import Envelope, Received, reader_of
from services.kit.events.event import ensure_name, producer_of

Kind = Literal["state", "fact"]

D = TypeVar("D", bound=BaseModel)
T = TypeVar("T")
Handler = Callable[[Session, list[Received[D]]], None]


@dataclass(frozen=True, slots=True)
class Reaction:
    """One handler of one event name."""

    handler: Handler[Any]
    reader: type[Envelope[Any]]
    kind: Kind


class Consumers:
    """The reactions of one part; its `consumers.py` makes one and fills it."""

    def __init__(self, part: str) -> None:
        self.part = part
        self._reactions: dict[str, list[Reaction]] = {}

    def on(self, name: str, reader: type[D], *, kind: Kind) -> Callable[[Handler[D]], Handler[D]]:
        """Declare a handler of the events called `name`; stack it for several names.

        A handler of several names gets them in one call, in the order of their numbers.
        """
        ensure_name(name)

        def declare(handler: Handler[D]) -> Handler[D]:
            self._reactions.setdefault(name, []).append(Reaction(handler, reader_of(reader), kind))
            return handler

        return declare

    @property
    def producers(self) -> list[str]:
        """The parts whose events are read here."""
        return sorted({producer_of(name) for name in self._reactions})

    def reactions(self, name: str) -> Sequence[Reaction]:
        """Who reacts to events of this name; nobody, for most."""
        return self._reactions.get(name, ())


def newest(items: Iterable[T], *, key: Callable[[T], Hashable], version: Callable[[T], int]) -> list[T]:
    """Of several states of the same thing the one with the highest version, in order of appearance."""
    kept: dict[Hashable, T] = {}
    for item in items:
        known = kept.get(key(item))
        if known is None or version(item) > version(known):
            kept[key(item)] = item
    return list(kept.values())
