"""What the parts tell each other: outbox → JetStream → inbox, each event in effect exactly once."""

from services.kit.events import tables

__all__ = ["tables"]
