"""The gateway's copy of the tree of organisations, kept by what the registry announces."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from gateway.consumers import consumers
from services.kit import trees
from services.kit.events import Received
from services.kit.ids import new_id
from services.kit.principals import Principal

NAME = "registry.organisation_changed.v1"


def announce(session: Session, *changes: dict[str, Any]) -> None:
    """Have the gateway take these announcements in, as one batch."""
    [reaction] = consumers.reactions(NAME)
    messages = [
        {
            "id": str(new_id()),
            "type": NAME,
            "time": datetime.now(UTC).isoformat(),
            "sequence": f"{number:019d}",
            "data": change,
        }
        for number, change in enumerate(changes, start=1)
    ]
    reaction.handler(session, [Received.of(reaction.reader.model_validate(m)) for m in messages])


def organisation(id: UUID, parent_id: UUID | None = None, version: int = 1) -> dict[str, Any]:
    return {
        "organisation_id": str(id),
        "version": version,
        "parent_id": parent_id and str(parent_id),
        "name": "Sindicato de Ejemplo",
        "kind": "union",
    }


def reaches(session: Session, root: UUID, id: UUID) -> bool:
    return trees.reaches(session, Principal(new_id(), "staff", frozenset(), roots=(root,)), id)


def test_who_is_limited_to_an_organisation_reaches_what_lies_below(session: Session) -> None:
    top, branch, group = new_id(), new_id(), new_id()
    announce(session, organisation(group, branch), organisation(branch, top), organisation(top))
    assert reaches(session, top, group)
    assert reaches(session, branch, group)
    assert not reaches(session, group, branch)
    assert not reaches(session, top, new_id()), "what is not known is out of reach"


def test_an_older_announcement_moves_nothing_back(session: Session) -> None:
    old, new, moved = new_id(), new_id(), new_id()
    announce(session, organisation(old), organisation(new), organisation(moved, old))
    announce(session, organisation(moved, new, version=3), organisation(moved, old, version=2))
    assert reaches(session, new, moved)
    assert not reaches(session, old, moved)


def test_the_gateway_listens_to_the_registry() -> None:
    assert "registry" in consumers.producers
