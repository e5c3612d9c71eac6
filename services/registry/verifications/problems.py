"""Why a verification is refused."""

from services.kit.approvals import SamePersonTwice
from services.kit.problems import Forbidden, Problem

__all__ = ["AlreadyVerified", "NoDocument", "SamePersonTwice", "WHEN_VERIFYING"]


class AlreadyVerified(Problem):
    """This member is verified, and nothing was changed since."""


class NoDocument(Problem):
    """Nobody can be verified without an identity document."""


WHEN_VERIFYING = (Forbidden, SamePersonTwice, AlreadyVerified, NoDocument)
