"""HTTP face of the books: the trial balance."""

from collections import defaultdict
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.contributions.auth import Accountant
from services.contributions.books.models import entries
from services.contributions.books.schemas import BalanceOut, TotalOut, TrialBalanceOut
from services.contributions.db import SessionDep
from services.kit import ledger
from services.kit.money import Money
from services.kit.problems import documented

router = APIRouter(prefix="/v1/ledger", tags=["books"])


@router.get("/balances", responses=documented())
def trial_balance(
    accountant: Accountant,
    session: SessionDep,
    through: Annotated[
        date | None, Query(description="The last day of booking to count; all if left out")
    ] = None,
) -> TrialBalanceOut:
    """Every account with its two sides, in order of name."""
    rows = ledger.balances(session, entries, through=through)
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        totals[row.currency][0] += int(row.debit_minor)
        totals[row.currency][1] += int(row.credit_minor)
    return TrialBalanceOut(
        through=through,
        items=[
            BalanceOut(
                account=row.account,
                debit=Money(int(row.debit_minor), row.currency),
                credit=Money(int(row.credit_minor), row.currency),
                balance=Money(int(row.debit_minor - row.credit_minor), row.currency),
            )
            for row in rows
        ],
        totals=[
            TotalOut(debit=Money(debit, currency), credit=Money(credit, currency))
            for currency, (debit, credit) in sorted(totals.items())
        ],
    )
