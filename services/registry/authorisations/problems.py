"""Why an authorisation is refused."""

from services.kit.problems import Problem


class NoSuchAuthorisation(Problem):
    """There is no such authorisation."""

    status = 404


class NumberTaken(Problem):
    """An authorisation with this number of this issuer is already recorded."""
