"""What can go wrong with an engine, in words for whoever sits at the console."""


class EngineFailed(RuntimeError):
    """An engine did not start; the message holds the end of its log."""
