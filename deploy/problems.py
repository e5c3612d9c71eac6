"""What keeps a command from doing its work, in words for whoever sits at the console."""


class CannotRun(RuntimeError):
    """Something outside the program stands in the way; the message says what, and what to do."""


class EngineFailed(CannotRun):
    """An engine did not start; the message holds the end of its log."""


class HomeTaken(CannotRun):
    """Another `amparo` command is running this home."""


class NotPrepared(CannotRun):
    """A database could not be made or migrated; the message holds the end of the log."""


class NotReady(CannotRun):
    """Something started, and did not say in time that it is ready."""


class StopAsked(BaseException):
    """Somebody asked us to stop, by Ctrl-C or by a signal."""
