"""Keeps the contacts."""

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from gateway.messages.contacts import queries
from services.kit.events import Consumers, Received, newest


class AnnouncedContact(BaseModel):
    """What is read of one member whom the registry announces."""

    member_id: UUID
    version: int
    member_number: str
    organisation_id: UUID
    state: str
    given_names: str
    phone: str | None
    language: str


class ContactsChanged(BaseModel):
    """What is read of registry.member_enrolled.v1 and registry.member_changed.v1."""

    members: list[AnnouncedContact]


def declare(consumers: Consumers) -> None:
    """React to what the registry announces of members."""

    @consumers.on("registry.member_enrolled.v1", ContactsChanged, kind="state")
    @consumers.on("registry.member_changed.v1", ContactsChanged, kind="state")
    def remember_contacts(session: Session, events: list[Received[ContactsChanged]]) -> None:
        announced = (member for event in events for member in event.data.members)
        latest = newest(announced, key=lambda one: one.member_id, version=lambda one: one.version)
        queries.remember(session, [one.model_dump() for one in latest])
