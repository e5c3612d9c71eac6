"""HTTP face of webhook endpoints and deliveries."""

from uuid import UUID

from fastapi import APIRouter, Response

from gateway.auth import ClientsManager
from gateway.db import SessionDep
from gateway.webhooks.subscriptions import queries, service
from gateway.webhooks.subscriptions.problems import (
    EndpointNotActive,
    NoSuchDelivery,
    NoSuchEndpoint,
    NotEncrypted,
    NotForAgencies,
)
from gateway.webhooks.subscriptions.schemas import (
    DeactivationIn,
    DeliveriesOut,
    DeliveryOut,
    EndpointIn,
    EndpointOut,
    EndpointsOut,
    NewEndpointOut,
)
from services.kit.paging import PageDep
from services.kit.problems import documented

router = APIRouter(prefix="/v1", tags=["webhooks"])


@router.post("/webhook-endpoints", status_code=201, responses=documented(NotForAgencies, NotEncrypted))
def add_endpoint(
    given: EndpointIn, manager: ClientsManager, session: SessionDep, response: Response
) -> NewEndpointOut:
    """Have a system told of events. The secret that signs what it is sent is told this once."""
    response.headers["Cache-Control"] = "no-store"
    endpoint, secret = service.add(session, given, by=manager)
    return NewEndpointOut(**EndpointOut.of(endpoint).model_dump(), secret=secret)


@router.get("/webhook-endpoints", responses=documented())
def list_endpoints(manager: ClientsManager, page: PageDep, session: SessionDep) -> EndpointsOut:
    """All systems that are or were told of events, oldest first."""
    found = queries.endpoints(session, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return EndpointsOut(items=[EndpointOut.of(one) for one in found])


@router.post("/webhook-endpoints/{id}/deactivations", status_code=201, responses=documented(NoSuchEndpoint))
def deactivate_endpoint(
    id: UUID, given: DeactivationIn, manager: ClientsManager, session: SessionDep
) -> EndpointOut:
    """Tell a system nothing more."""
    return EndpointOut.of(service.deactivate(session, id, by=manager, reason=given.reason))


@router.get("/webhook-endpoints/{id}/deliveries", responses=documented(NoSuchEndpoint))
def list_deliveries(id: UUID, manager: ClientsManager, page: PageDep, session: SessionDep) -> DeliveriesOut:
    """What a system was told, in order."""
    queries.endpoint(session, id)
    found = queries.deliveries(session, id, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return DeliveriesOut(items=[DeliveryOut.of(one) for one in found])


@router.post(
    "/webhook-deliveries/{id}/replays",
    status_code=201,
    responses=documented(NoSuchDelivery, EndpointNotActive),
)
def replay_delivery(id: UUID, manager: ClientsManager, session: SessionDep) -> DeliveryOut:
    """Deliver an event once more, under the same webhook-id."""
    return DeliveryOut.of(service.replay(session, id, by=manager))
