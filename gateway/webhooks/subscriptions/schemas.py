"""The wire of webhook endpoints and deliveries."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from gateway.webhooks.subscriptions.models import WebhookDelivery, WebhookEndpoint
from gateway.webhooks.subscriptions.offered import EventName

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120, pattern=r"^[^\x00-\x1f]+$")
]


def _plain_url(written: str) -> str:
    parts = urlsplit(written)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.fragment:
        raise ValueError("write a full address, https://…, without credentials in it")
    _ = parts.port  # raises ValueError for one that is none
    return written


Url = Annotated[str, StringConstraints(max_length=500, pattern=r"^[!-~]+$"), AfterValidator(_plain_url)]


class EndpointIn(BaseModel):
    """A system that wants to be told of events."""

    model_config = ConfigDict(extra="forbid")

    name: Words = Field(examples=["TSS, production"])
    url: Url = Field(examples=["https://hooks.tss.example/amparo"])
    agency: Words | None = Field(default=None, description="Tells only this agency's events")
    events: list[EventName] = Field(min_length=1, max_length=20)


class EndpointOut(BaseModel):
    """A system that is told of events."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    name: str
    url: str
    agency: str | None
    events: list[str]
    state: Literal["active", "deactivated"]
    created_at: datetime

    @classmethod
    def of(cls, endpoint: WebhookEndpoint) -> "EndpointOut":
        return cls.model_validate(endpoint)


class EndpointsOut(BaseModel):
    """A page of endpoints."""

    items: list[EndpointOut]


class NewEndpointOut(EndpointOut):
    """A new endpoint with the secret that signs what it is sent, told this once."""

    secret: str


class DeactivationIn(BaseModel):
    """Why an endpoint is told nothing more."""

    model_config = ConfigDict(extra="forbid")

    reason: Words


class DeliveryOut(BaseModel):
    """What became of one event for one endpoint. `id` is its webhook-id."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    event_id: UUID
    event_name: str
    occurred_at: datetime
    state: Literal["queued", "delivered", "failed"]
    attempt: int
    due_at: datetime
    settled_at: datetime | None
    last_answer: str | None

    @classmethod
    def of(cls, delivery: WebhookDelivery) -> "DeliveryOut":
        return cls.model_validate(delivery)


class DeliveriesOut(BaseModel):
    """A page of deliveries."""

    items: list[DeliveryOut]
