"""Why a notice is refused, or a difference cannot be explained. (One kept aside is no refusal.)"""

from services.kit.problems import Problem


class NoSuchNotice(Problem):
    """There is no such payment notice, or it is not yours to see."""

    status = 404


class ReferenceTaken(Problem):
    """A notice with this reference and another content was recorded before."""


class NotCompared(Problem):
    """This notice is not compared: it was kept aside, or is still being looked at."""


class NothingToExplain(Problem):
    """No difference of this kind waits for an explanation."""


class StillPending(Problem):
    """An explanation of these differences waits for a second person already."""


WHEN_RECORDING = (ReferenceTaken,)
WHEN_EXPLAINING = (NoSuchNotice, NotCompared, NothingToExplain, StillPending)
