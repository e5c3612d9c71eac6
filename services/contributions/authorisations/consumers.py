"""Keeps the projection of authorisations."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel
from sqlmodel import Session

from services.contributions.authorisations import queries
from services.kit.events import Consumers, Received


class AuthorisationAnnounced(BaseModel):
    """An authorisation's full state."""

    authorisation_id: UUID
    version: int
    state: str
    scheme: str
    employer_number: str
    payroll_codes: list[str]
    minimum_wage_minor: int | None
    currency: str
    infotep: bool
    valid_from: date
    expires_on: date | None


def declare(consumers: Consumers) -> None:
    """React to what the registry announces of authorisations."""

    @consumers.on("registry.authorisation_changed.v1", AuthorisationAnnounced, kind="state")
    def remember_authorisations(session: Session, events: list[Received[AuthorisationAnnounced]]) -> None:
        for event in events:
            announced = event.data.model_dump(exclude={"authorisation_id"})
            queries.remember(session, announced | {"id": event.data.authorisation_id})
