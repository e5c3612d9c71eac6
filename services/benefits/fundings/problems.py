"""Why a bank line cannot pay for a disbursement."""

from services.kit.problems import NotFound, Problem


class NoSuchFunding(NotFound):
    """There is no such bank line with benefit money."""


class FundingTaken(Problem):
    """This bank line pays for another disbursement."""


class CannotBeFunded(Problem):
    """The disbursement is not complete, or is funded already."""


class AmountDiffers(Problem):
    """The bank line and the disbursement are not of one amount."""
