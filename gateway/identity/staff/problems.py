"""Why something about a person is refused."""

from services.kit.problems import Problem


class NoSuchPerson(Problem):
    """There is no such member of staff."""

    status = 404


class EmailTaken(Problem):
    """Somebody with this e-mail address is already on the staff."""


class PersonNotReady(Problem):
    """This person is not in a state for that."""


class RootsMissing(Problem):
    """This role is limited to organisations, and none was named."""

    status = 422


class OwnRole(Problem):
    """Nobody decides on a role of their own."""

    status = 403


class PasswordTooWeak(Problem):
    """This password is too easy to guess."""

    status = 422
