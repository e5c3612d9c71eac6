"""Why money is not returned."""

from services.kit.problems import NotFound, Problem


class NotFunded(Problem):
    """The money of this item has not come, so none can go back."""


class NoSuchReturn(NotFound):
    """There is no such return."""


class SentOtherwise(Problem):
    """This return left under another bank reference or on another day."""
