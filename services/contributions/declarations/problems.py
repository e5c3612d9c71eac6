"""Why a declaration cannot be drawn, filed or fetched."""

from services.contributions.periods import PeriodClosed
from services.kit.problems import Problem


class NoSuchDeclaration(Problem):
    """There is no such declaration, or it is not yours to see."""

    status = 404


class AlreadyDeclared(Problem):
    """A declaration of this period stands already."""


class NothingCharged(Problem):
    """Nobody was charged for this period."""


class ChargingRuns(Problem):
    """This period is still being charged."""


class StatementsMissing(Problem):
    """The bank statements do not reach the cut-off yet."""


class NotDrawn(Problem):
    """The declaration is not drawn up, or was filed already."""


class NotFiled(Problem):
    """The declaration is not filed yet."""


class NoAuthorisation(Problem):
    """No authorisation of the mutual is in force for this filing."""


WHEN_DRAWING = (
    PeriodClosed,
    AlreadyDeclared,
    NothingCharged,
    ChargingRuns,
    StatementsMissing,
    NoAuthorisation,
)
WHEN_FILING = (NoSuchDeclaration, NotDrawn)
