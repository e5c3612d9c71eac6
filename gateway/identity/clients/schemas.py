"""The wire of clients."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gateway.identity.clients.models import Client
from gateway.identity.clients.service import NewClient
from services.kit.approvals_api import ApprovalOut

ClientRole = Literal[
    "promoter",
    "cashier",
    "collector",
    "accountant",
    "benefits_officer",
    "auditor",
    "administrator",
    "state_agency",
]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00-\x1f]+$"),
]


class ClientIn(BaseModel):
    """A new system; a State agency's names its agency."""

    model_config = ConfigDict(extra="forbid")

    name: Words = Field(examples=["TSS, production"])
    role: ClientRole
    agency: Words | None = Field(default=None, examples=["tss"])


class ClientOut(BaseModel):
    """A system that may call the API."""

    id: UUID
    client_id: str
    name: str
    role: str
    agency: str | None
    state: Literal["pending", "active", "refused", "deactivated"]
    created_at: datetime

    @classmethod
    def of(cls, client: Client) -> "ClientOut":
        return cls.model_validate(client, from_attributes=True)


class ClientRequestOut(BaseModel):
    """A new system and the request for approval that it waits for."""

    client: ClientOut
    approval: ApprovalOut


class ClientsOut(BaseModel):
    """A page of systems."""

    items: list[ClientOut]


class SecretOut(BaseModel):
    """A system's credentials, told this once."""

    client_id: str
    client_secret: str

    @classmethod
    def of(cls, made: NewClient) -> "SecretOut":
        return cls.model_validate(made, from_attributes=True)
