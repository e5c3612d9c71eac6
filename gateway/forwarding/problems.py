"""What the gateway says when a service does not answer as it should."""

from services.kit.problems import Problem, Unavailable


class PartUnavailable(Unavailable):
    """This part of Amparo does not answer just now."""


class PartTooSlow(Problem):
    """This part of Amparo did not answer in time."""

    status = 504


class AnswerLost(Problem):
    """The connection broke before the answer came."""

    status = 502


class NoSuchPath(Problem):
    """There is nothing at this path."""

    status = 404
