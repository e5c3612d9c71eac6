"""What the parts tell each other: outbox → JetStream → inbox, each event in effect exactly once.

A part announces (`events.py`) with `Event` and `record`, in the transaction that made it true; it
reacts (`consumers.py`) with `Consumers`. `kit.worker` runs what lies between. The order of events is
kept on the way, but not promised: a message that failed comes later, and several processes take turns.
"""

from services.kit.events import tables
from services.kit.events.consumers import Consumers, newest
from services.kit.events.envelope import Received
from services.kit.events.event import Event
from services.kit.events.outbox import OutboxRow, copy_all, record, record_all, row

__all__ = [
    "Consumers",
    "Event",
    "OutboxRow",
    "Received",
    "copy_all",
    "newest",
    "record",
    "record_all",
    "row",
    "tables",
]
