"""Why an exit or a return is refused."""

from services.kit.problems import Problem


class NotAMember(Problem):
    """Only an active member can leave."""


class NotOut(Problem):
    """Only who has left can come back."""
