"""What makes an announcement and its items the same again, and when they fit together."""

from services.benefits.disbursements.models import Disbursement
from services.benefits.disbursements.problems import OverDeclaredTotals, UnderDeclaredTotals, totals
from services.benefits.disbursements.schemas import DisbursementIn, ItemIn
from services.kit.idempotency import content_hash
from services.kit.money import Money
from services.kit.problems import Problem


def reference_key(bank_reference: str) -> str:
    """How bank references are compared: banks change case, spaces and dashes on the way."""
    return "".join(c for c in bank_reference.upper() if c.isalnum())


def item_hash(item: ItemIn) -> bytes:
    """What must be equal for an item sent again to be the same item."""
    return content_hash(item)


def is_same(row: Disbursement, given: DisbursementIn) -> bool:
    """Whether an announcement repeats this one."""
    return (
        row.benefit,
        row.currency,
        row.declared_count,
        row.declared_total_minor,
        row.bank_reference,
    ) == (
        given.benefit,
        given.declared_total.currency,
        given.declared_count,
        given.declared_total.minor,
        given.bank_reference,
    )


def over_declared(row: Disbursement, item_count: int, item_total_minor: int) -> Problem | None:
    """The refusal of items that are more than was declared, in number or in money."""
    if item_count > row.declared_count or item_total_minor > row.declared_total_minor:
        return OverDeclaredTotals(_ANEW, **_totals(row, item_count, item_total_minor))
    return None


def under_declared(row: Disbursement) -> Problem | None:
    """The refusal of a completion while items are missing."""
    if (row.item_count, row.item_total_minor) != (row.declared_count, row.declared_total_minor):
        return UnderDeclaredTotals(_ANEW, **_totals(row, row.item_count, row.item_total_minor))
    return None


_ANEW = "Nothing of it is taken. Announce it anew under another reference."


def _totals(row: Disbursement, item_count: int, item_total_minor: int) -> dict[str, object]:
    return totals(
        (row.declared_count, Money(row.declared_total_minor, row.currency).amount),
        (item_count, Money(item_total_minor, row.currency).amount),
    )
