"""What is done with webhook endpoints and deliveries."""

from uuid import UUID

from sqlmodel import Session

from gateway.settings import settings
from gateway.webhooks.posting import networks_allowed, new_secret
from gateway.webhooks.subscriptions import queries
from gateway.webhooks.subscriptions.channel import PURPOSE
from gateway.webhooks.subscriptions.jobs import deliver_webhooks
from gateway.webhooks.subscriptions.models import WebhookDelivery, WebhookEndpoint
from gateway.webhooks.subscriptions.offered import FOR_AGENCIES
from gateway.webhooks.subscriptions.problems import EndpointNotActive, NotEncrypted, NotForAgencies
from gateway.webhooks.subscriptions.schemas import EndpointIn
from services.kit import audit, clock, secrets
from services.kit.ids import new_id
from services.kit.jobs import defer_once
from services.kit.principals import Principal


def add(session: Session, given: EndpointIn, *, by: Principal) -> tuple[WebhookEndpoint, str]:
    """Have a system told of events from now on; its secret is told this once.

    Raises NotForAgencies; NotEncrypted unless the installation may post into a private network.
    """
    if given.url.startswith("http:") and not networks_allowed(settings().private_networks):
        raise NotEncrypted()
    if given.agency is not None and (others := set(given.events) - FOR_AGENCIES):
        raise NotForAgencies(f"These name no agency: {', '.join(sorted(others))}.")
    secret = new_secret()
    made = WebhookEndpoint(
        id=new_id(),
        name=given.name,
        url=given.url,
        agency=given.agency,
        events=sorted(set(given.events)),
        secret_sealed=secrets.encrypt(secret, purpose=PURPOSE),
        created_at=clock.now(),
    )
    session.add(made)
    session.flush()
    audit.write(session, "webhooks.add", made.id, by=by, details=given.model_dump())
    return made, secret


def deactivate(session: Session, id: UUID, *, by: Principal, reason: str) -> WebhookEndpoint:
    """Tell a system nothing more; what waits for it fails. Again, no effect. Raises NoSuchEndpoint."""
    endpoint = queries.endpoint(session, id)
    if endpoint.state == "active":
        endpoint.state = "deactivated"
        audit.write(session, "webhooks.deactivate", id, by=by, reason=reason)
    return endpoint


def replay(session: Session, id: UUID, *, by: Principal) -> WebhookDelivery:
    """Deliver once more, with the same webhook-id, and try for another day.

    One that is under way stays as it is. Raises NoSuchDelivery, EndpointNotActive.
    """
    delivery = queries.lock_delivery(session, id)
    if queries.endpoint(session, delivery.endpoint_id).state != "active":
        raise EndpointNotActive()
    if delivery.state != "queued":
        delivery.state, delivery.settled_at = "queued", None
        delivery.started_at = delivery.due_at = clock.now()
        session.flush()
        audit.write(session, "webhooks.replay", id, by=by)
        defer_once(session, deliver_webhooks, key="all")
    return delivery
