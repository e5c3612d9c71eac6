"""Why nothing can be released."""

from services.kit.problems import Problem


class NothingToRelease(Problem):
    """No payout of this disbursement can be released now."""


class NotFunded(Problem):
    """The money for this disbursement has not come; nothing of it can be released."""
