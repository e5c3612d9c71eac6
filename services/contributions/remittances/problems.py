"""Why a remittance is not ordered, confirmed or returned."""

from services.kit.problems import Problem


class NoSuchRemittance(Problem):
    """There is no such remittance."""

    status = 404


class NoSuchBill(Problem):
    """There is no such payment notice."""

    status = 404


class NotRemittable(Problem):
    """This notice cannot be paid: it was kept aside, or is still being compared."""


class DifferencesOpen(Problem):
    """Differences of this notice have no explanation yet."""


class ShortfallNotFunded(Problem):
    """The mutual's own account does not cover what members have not paid of this notice."""


class AlreadyRemitted(Problem):
    """This notice was ordered to be paid before."""


class NotOrdered(Problem):
    """This remittance is not one that was ordered and waits for the bank."""


class NotReturnable(Problem):
    """This remittance cannot come back: it was not ordered, or has come back already."""


class NoSuchBankLine(Problem):
    """There is no such bank line."""

    status = 404


class LineDoesNotFit(Problem):
    """This bank line is no evidence of it."""


class LineClaimed(Problem):
    """This bank line is asked for as something else already."""


WHEN_ORDERING = (NoSuchBill, NotRemittable, DifferencesOpen, ShortfallNotFunded, AlreadyRemitted)
WHEN_CONFIRMING = (NoSuchRemittance, NotOrdered, NoSuchBankLine, LineDoesNotFit)
WHEN_RETURNING = (NoSuchRemittance, NotReturnable, NoSuchBankLine, LineDoesNotFit, LineClaimed)
WHEN_FUNDING = (NoSuchBankLine, LineDoesNotFit, LineClaimed)
