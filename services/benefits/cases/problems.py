"""Why a case is refused."""

from services.kit.problems import Problem


class UnknownMember(Problem):
    """No such member is known here."""

    status = 404


class CaseOfAnother(Problem):
    """This case number of the agency stands for something else."""


WHEN_OPENING = (UnknownMember, CaseOfAnother)
