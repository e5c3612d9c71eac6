"""Why a charging is refused."""

from services.contributions.periods import PeriodClosed
from services.kit.problems import Problem


class NoAuthorisation(Problem):
    """No authorisation of the mutual is in force for this period."""


class PeriodAhead(Problem):
    """This period has not begun yet."""


class NoSuchChargeRun(Problem):
    """There is no such charge run."""

    status = 404


WHEN_CHARGING = (PeriodClosed, NoAuthorisation, PeriodAhead)
