"""Why an agency's announcement is refused."""

from typing import Any

from services.kit.problems import NotFound, Problem


class NoSuchDisbursement(NotFound):
    """There is no such disbursement, or it is not yours to see."""


class ReferenceReused(Problem):
    """This reference stands for another disbursement already."""


class ItemReused(Problem):
    """An item of this reference was sent with other content before."""


class OtherCurrency(Problem):
    """An item is not in the disbursement's currency."""

    status = 422


class AlreadyCompleted(Problem):
    """The disbursement is complete; it takes no further items."""


class OverDeclaredTotals(Problem):
    """The items are more than was declared: the disbursement is refused whole."""


class UnderDeclaredTotals(Problem):
    """The items are less than was declared: the disbursement is refused whole."""


class DisbursementRefused(Problem):
    """The disbursement was refused whole; announce it anew under another reference."""


REFUSED_WHOLE: dict[str, type[Problem]] = {
    problem.type(): problem for problem in (OverDeclaredTotals, UnderDeclaredTotals)
}
"""The problems that refuse a disbursement for good, by the name that its row keeps."""

WHEN_LISTING_ITEMS = (
    NoSuchDisbursement,
    ItemReused,
    OtherCurrency,
    AlreadyCompleted,
    OverDeclaredTotals,
    DisbursementRefused,
)


def totals(declared: tuple[int, str], items: tuple[int, str]) -> dict[str, Any]:
    """The members of a problem about totals: count and amount, declared and sent."""
    return {
        "declared_count": declared[0],
        "declared_total": declared[1],
        "item_count": items[0],
        "item_total": items[1],
    }
