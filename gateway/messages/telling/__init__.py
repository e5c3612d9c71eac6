"""From what happened to what members are told of it: one message for each, made once."""

from gateway.messages.telling.queries import Telling, tell

__all__ = ["Telling", "tell"]
