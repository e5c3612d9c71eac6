"""Why a statement or the settling of one of its lines is refused."""

from services.kit.problems import Problem


class UnknownProfile(Problem):
    """There is no bank profile of this name."""

    status = 422


class StatementTooLarge(Problem):
    """The statement's file is too large."""

    status = 413


class NoSuchStatement(Problem):
    """There is no such bank statement."""

    status = 404


class NoSuchLine(Problem):
    """There is no such bank line."""

    status = 404


class LineNotInSuspense(Problem):
    """This line does not wait in suspense."""


class NeedsSecondPerson(Problem):
    """So large an amount is settled by two people."""


WHEN_SETTLING = (NoSuchLine, LineNotInSuspense, NeedsSecondPerson)
