"""Why a dependant is refused."""

from services.kit.problems import Problem


class RelationOfOtherKind(Problem):
    """A dependant of this relation is of the other kind."""

    status = 422


class DependantAlreadyThere(Problem):
    """A dependant with this document is in this family already."""


WHEN_ADDING = (RelationOfOtherKind, DependantAlreadyThere)


class NoSuchDependant(Problem):
    """There is no such dependant in this family."""

    status = 404
