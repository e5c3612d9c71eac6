"""Why a period is not closed, or cannot be worked on any more."""

from services.kit.problems import Problem


class PeriodClosed(Problem):
    """This period is closed: from now on there are only adjustments in open ones."""


class PeriodNotOver(Problem):
    """This period has not ended yet."""


class PeriodNotSettled(Problem):
    """Something of this period still waits."""


WHEN_CLOSING = (PeriodClosed, PeriodNotOver, PeriodNotSettled)
