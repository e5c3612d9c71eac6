"""Why a payment is refused."""

from services.kit.problems import Problem


class UnknownMember(Problem):
    """No such member is known here."""

    status = 404


class OtherCurrency(Problem):
    """The amount is not in the currency of this member's account."""

    status = 422


class ReferenceTaken(Problem):
    """A payment with this reference was posted before."""

    status = 409


class ValueDateAhead(Problem):
    """The value date lies in the future."""

    status = 422


class NoSuchPayment(Problem):
    """There is no such payment, or it is not yours to see."""

    status = 404


class AlreadyReversed(Problem):
    """This payment was reversed before."""


class NoSuchReceipt(Problem):
    """No receipt has this check code."""

    status = 404


WHEN_POSTING = (UnknownMember, OtherCurrency, ReferenceTaken, ValueDateAhead)
