"""Why something about a client is refused."""

from services.kit.problems import Problem


class NoSuchClient(Problem):
    """There is no such client."""

    status = 404


class ClientNotActive(Problem):
    """This client waits for approval, or was refused or deactivated."""


class AgencyMissing(Problem):
    """A client of a State agency names its agency, and no other does."""

    status = 422
