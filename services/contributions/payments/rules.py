"""Rules of payments, without a database."""

from datetime import date

from services.contributions.payments import problems


def ensure_not_ahead(value_on: date, today: date) -> None:
    """Money has come in by today. Raises ValueDateAhead."""
    if value_on > today:
        raise problems.ValueDateAhead(f"{value_on} lies after today, {today}.")


def settle_between(surplus: dict[str, int]) -> list[tuple[str, str, int]]:
    """Transfers (debit, credit, minor units) that bring each account's surplus to zero.

    `surplus` says how much more an account is to be debited (negative: credited); it sums to zero.
    """
    assert sum(surplus.values()) == 0, surplus
    owed = {account: -minor for account, minor in surplus.items() if minor < 0}
    transfers: list[tuple[str, str, int]] = []
    for debit, wanted in sorted(surplus.items()):
        for credit in sorted(owed):
            minor = min(wanted, owed[credit])
            if minor > 0:
                transfers.append((debit, credit, minor))
                wanted -= minor
                owed[credit] -= minor
    return transfers
