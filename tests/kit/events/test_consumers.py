"""What a part declares that it reacts to."""

from dataclasses import dataclass

import pytest
from pydantic import BaseModel
from sqlmodel import Session

from services.kit.events import Consumers, Received, newest


@dataclass(frozen=True)
class Thing:
    id: str
    version: int


def newest_of(*things: Thing) -> list[Thing]:
    return newest(things, key=lambda thing: thing.id, version=lambda thing: thing.version)


def test_of_several_versions_only_the_newest_is_kept_wherever_it_stands() -> None:
    assert newest_of(Thing("a", 2), Thing("b", 1), Thing("a", 3), Thing("a", 1), Thing("b", 1)) == [
        Thing("a", 3),
        Thing("b", 1),
    ]
    assert newest_of() == []


class Nothing(BaseModel):
    pass


def test_the_producers_are_those_whose_events_are_read() -> None:
    consumers = Consumers("gamma")

    @consumers.on("beta.thing_done.v1", Nothing, kind="fact")
    @consumers.on("alpha.thing_done.v1", Nothing, kind="fact")
    @consumers.on("alpha.thing_changed.v2", Nothing, kind="state")
    def react(session: Session, events: list[Received[Nothing]]) -> None: ...

    assert consumers.producers == ["alpha", "beta"]
    assert [reaction.handler for reaction in consumers.reactions("alpha.thing_done.v1")] == [react]
    assert consumers.reactions("alpha.thing_done.v2") == ()


def test_a_name_that_cannot_be_announced_cannot_be_listened_to() -> None:
    with pytest.raises(TypeError, match="<part>"):
        Consumers("gamma").on("thing_done", Nothing, kind="fact")
