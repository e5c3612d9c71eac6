"""From events to deliveries: one for each endpoint that asked for it, made once."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from gateway.webhooks.subscriptions import queries
from gateway.webhooks.subscriptions.jobs import deliver_webhooks
from gateway.webhooks.subscriptions.models import WebhookDelivery, WebhookEndpoint
from gateway.webhooks.subscriptions.offered import OFFERED
from services.kit import clock
from services.kit.events import Consumers, Received
from services.kit.ids import new_id
from services.kit.jobs import defer_once


def declare(consumers: Consumers) -> None:
    """React to every event that is offered."""
    on: Callable[..., Any] = consumers.on
    for name, reader in OFFERED.items():
        on(name, reader, kind="fact")(queue_deliveries)


def queue_deliveries(session: Session, events: list[Received[Any]]) -> None:
    """Queue each event for those who asked for it."""
    endpoints = queries.active_endpoints(session)
    now = clock.now()
    rows = [
        WebhookDelivery(
            id=new_id(),
            endpoint_id=endpoint.id,
            event_id=event.id,
            event_name=event.name,
            occurred_at=event.occurred_at,
            data=event.data.model_dump(mode="json"),
            started_at=now,
            due_at=now,
        ).model_dump()
        for event in events
        for endpoint in endpoints
        if _is_for(event, endpoint)
    ]
    if rows:
        session.execute(insert(WebhookDelivery).on_conflict_do_nothing(), rows)
        defer_once(session, deliver_webhooks, key="all")


def _is_for(event: Received[Any], endpoint: WebhookEndpoint) -> bool:
    named = getattr(event.data, "agency", None)
    return event.name in endpoint.events and endpoint.agency in (None, named)
