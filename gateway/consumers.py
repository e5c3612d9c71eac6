"""What the gateway reacts to.

The tree of organisations limits what some people see here. Then comes whom messages go to, what
members are told, and what other systems are.
"""

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from gateway.messages.contacts import consumers as contacts
from gateway.messages.telling import consumers as telling
from gateway.webhooks.subscriptions import consumers as subscriptions
from services.kit import trees
from services.kit.events import Consumers, Received

consumers = Consumers("gateway")


class OrganisationChanged(BaseModel):
    """An organisation as it stands, with its place in the tree."""

    organisation_id: UUID
    version: int
    parent_id: UUID | None
    name: str
    kind: str


@consumers.on("registry.organisation_changed.v1", OrganisationChanged, kind="state")
def remember_organisations(session: Session, events: list[Received[OrganisationChanged]]) -> None:
    """Keep the tree that roots point into; an older version than the known one changes nothing."""
    for event in events:
        given = event.data
        trees.put(
            session,
            id=given.organisation_id,
            parent_id=given.parent_id,
            name=given.name,
            kind=given.kind,
            version=given.version,
        )


contacts.declare(consumers)
telling.declare(consumers)
subscriptions.declare(consumers)
