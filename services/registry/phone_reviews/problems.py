"""Why a review is refused."""

from services.kit.problems import Problem


class NothingToReview(Problem):
    """This member's phone waits for no review."""
