"""Why a roster, or what is asked of it, is refused. What is wrong with its rows is told by line."""

from services.kit.problems import Problem, TooLarge
from services.kit.sheets import WHEN_READING
from services.registry.organisations import UnknownOrganisation


class NoSuchImport(Problem):
    """There is no such import, or it is not yours to see."""

    status = 404


class ImportNotDone(Problem):
    """This roster is still being read, or brought nobody in."""


class ImportVerified(Problem):
    """The members of this roster were verified before."""


class RosterTooLarge(TooLarge):
    """The roster's file is too large."""


class ImportFailed(Problem):
    """Reading this roster failed on our side."""

    status = 500


WHEN_SENDING = (UnknownOrganisation, RosterTooLarge, *WHEN_READING)
