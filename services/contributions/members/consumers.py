"""Keeps the projection of members and of the organisations' tree."""

from sqlmodel import Session

from services.contributions.members import queries
from services.contributions.members.schemas import MembersAnnounced, OrganisationAnnounced
from services.kit import trees
from services.kit.events import Consumers, Received, newest


def declare(consumers: Consumers) -> None:
    """React to what the registry announces of members and organisations."""

    @consumers.on("registry.member_enrolled.v1", MembersAnnounced, kind="state")
    @consumers.on("registry.member_changed.v1", MembersAnnounced, kind="state")
    def remember_members(session: Session, events: list[Received[MembersAnnounced]]) -> None:
        announced = (member for event in events for member in event.data.members)
        latest = newest(announced, key=lambda one: one.member_id, version=lambda one: one.version)
        # In order of id, as every lock on several members is taken.
        queries.remember(session, [one.row() for one in sorted(latest, key=lambda one: one.member_id)])

    @consumers.on("registry.organisation_changed.v1", OrganisationAnnounced, kind="state")
    def remember_organisations(session: Session, events: list[Received[OrganisationAnnounced]]) -> None:
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
