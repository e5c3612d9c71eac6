"""Why something about a message is refused."""

from services.kit.problems import Problem


class NoSuchMessage(Problem):
    """There is no such message."""

    status = 404


class NotToBeResent(Problem):
    """Only a message that failed, or of which nobody knows, can be sent again."""


class CodeNotResent(Problem):
    """A one-time code is sent once; have a new one made where its payout waits."""
