"""Why a bank order cannot be drawn, found or confirmed."""

from services.kit.problems import NotFound, Problem


class NoDebtorAccount(Problem):
    """The mutual's own bank account for benefit money is not configured."""


class NoSuchBankOrder(NotFound):
    """There is no such bank order."""
