"""Why a payout account is refused."""

from services.kit.problems import Problem


class UnknownMember(Problem):
    """No such member is known here."""

    status = 404
