"""Why an organisation is refused."""

from services.kit.problems import Problem


class NoSuchOrganisation(Problem):
    """There is no such organisation, or it is not yours to see."""

    status = 404


class UnknownOrganisation(Problem):
    """The organisation that was named is unknown, or is not yours to act for."""

    status = 422


class NameTaken(Problem):
    """An organisation of this name is already there."""


class CircularTree(Problem):
    """An organisation cannot lie below itself."""


WHEN_MAKING = (UnknownOrganisation, NameTaken)
