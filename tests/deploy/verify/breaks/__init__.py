"""What an owner of the databases could do by hand, and which check must name it."""

from tests.deploy.verify.breaks import books, collected, covered, events, payrolls, relayed
from tests.deploy.verify.breaks.made import Break

BREAKS: list[Break] = [
    *books.IN_ANY_LEDGER,
    *books.SEALS,
    *books.BOOKS,
    *collected.COLLECTED,
    *collected.RECEIPTS,
    *payrolls.DECLARED,
    *payrolls.BILLED,
    *payrolls.NAMED,
    *relayed.RELAYED,
    *covered.COVERED,
    *events.NUMBERS,
    *events.TAKEN_IN,
    *events.EVENTS,
    *events.EFFECTS,
]

__all__ = ["BREAKS", "Break"]
