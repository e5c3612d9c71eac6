"""Why something cannot be done with a payout."""

from services.kit.problems import NotFound, Problem


class NoSuchPayout(NotFound):
    """There is no such payout, or it is not yours to see."""


class PayoutNotThere(Problem):
    """The payout is not in a state for this."""
