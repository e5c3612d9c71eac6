"""Why cash is not handed out."""

from typing import ClassVar

from services.kit.problems import Problem


class WrongCode(Problem):
    """This is not the code of this payout."""

    status: ClassVar[int] = 422


class CodeLocked(Problem):
    """The code was tried wrongly too often."""


class CodeExpired(Problem):
    """The code is too old."""


class NotAtTheCounter(Problem):
    """This payout does not wait at the counter."""
