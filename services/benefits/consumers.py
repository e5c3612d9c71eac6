"""What this service reacts to. It reads of each announcement only what matching and paying needs."""

from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from services.benefits import fundings, members
from services.benefits.fundings import FundsReceived
from services.kit import trees
from services.kit.events import Consumers, Received, newest

consumers = Consumers("benefits")


class OrganisationChanged(BaseModel):
    """What is read of registry.organisation_changed.v1."""

    organisation_id: UUID
    version: int
    parent_id: UUID | None
    name: str
    kind: str


class AnnouncedMember(BaseModel):
    """What is read of one member that the registry announces."""

    member_id: UUID
    version: int
    member_number: str
    organisation_id: UUID
    state: str
    given_names: str
    first_surname: str
    second_surname: str | None = None
    document_type: str
    document_number: str


class MembersChanged(BaseModel):
    """What is read of registry.member_enrolled.v1 and registry.member_changed.v1."""

    members: list[AnnouncedMember]


@consumers.on("registry.organisation_changed.v1", OrganisationChanged, kind="state")
def remember_organisations(session: Session, events: list[Received[OrganisationChanged]]) -> None:
    """Keep the tree that people's reach is read from."""
    for event in events:
        node = event.data
        trees.put(
            session,
            id=node.organisation_id,
            parent_id=node.parent_id,
            name=node.name,
            kind=node.kind,
            version=node.version,
        )


@consumers.on("registry.member_enrolled.v1", MembersChanged, kind="state")
@consumers.on("registry.member_changed.v1", MembersChanged, kind="state")
def remember_members(session: Session, events: list[Received[MembersChanged]]) -> None:
    """Keep the newest state of each member."""
    announced = [member for event in events for member in event.data.members]
    latest = newest(announced, key=lambda one: one.member_id, version=lambda one: one.version)
    members.remember(
        session,
        [
            one.model_dump(exclude={"member_id"})
            | {
                "id": one.member_id,
                "second_surname": one.second_surname or "",
                "document_number": members.document_key(one.document_number),
            }
            for one in latest
        ],
    )


@consumers.on("contributions.benefit_funds_received.v1", FundsReceived, kind="fact")
def receive_funds(session: Session, events: list[Received[FundsReceived]]) -> None:
    """Take in bank lines with benefit money, each once for ever."""
    for event in events:
        fundings.receive(session, event.data)
