"""Why a member is refused."""

from services.kit.problems import Problem
from services.registry.organisations import UnknownOrganisation


class NoSuchMember(Problem):
    """There is no such member, or they are not yours to see."""

    status = 404


class DocumentTaken(Problem):
    """A member with this document is registered already."""


class DocumentFailsCheck(Problem):
    """The check digit of this document is wrong."""

    status = 422


class WageBelowFloor(Problem):
    """The declared wage lies below the least that the mutual's authorisation permits."""

    status = 422


class OtherCurrency(Problem):
    """The declared wage is not in the currency of the mutual's authorisation."""

    status = 422


class ImplausibleDate(Problem):
    """This date cannot be."""

    status = 422


class NothingToWithdraw(Problem):
    """There is no such agreement that stands."""


WHEN_WRITING = (
    UnknownOrganisation,
    DocumentTaken,
    DocumentFailsCheck,
    WageBelowFloor,
    OtherCurrency,
    ImplausibleDate,
)
