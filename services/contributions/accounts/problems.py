"""Why a member's account is not shown."""

from services.kit.problems import Problem


class NoSuchMember(Problem):
    """There is no such member, or they are not yours to see."""

    status = 404
