"""Why something about webhooks is refused."""

from services.kit.problems import Problem


class NoSuchEndpoint(Problem):
    """There is no such webhook endpoint."""

    status = 404


class NoSuchDelivery(Problem):
    """There is no such delivery."""

    status = 404


class EndpointNotActive(Problem):
    """This endpoint was deactivated."""


class NotEncrypted(Problem):
    """What leaves this house goes encrypted: write an address with https."""

    status = 422


class NotForAgencies(Problem):
    """An agency is told only of events that name it."""

    status = 422
