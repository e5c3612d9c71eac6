"""From rows to what a reader sees of an account: sums by period, and each charge with its lines."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from services.contributions.accounts.queries import Balance, ChargedLine, Happened, LastPayment, OpenDue
from services.contributions.accounts.schemas import (
    AccountOut,
    ChargedLineOut,
    EntryOut,
    LastPaymentOut,
    OpenChargeOut,
    OpenDueOut,
    ReceiptOut,
)
from services.contributions.schemes import scheme_in_use
from services.kit.money import Money
from services.kit.periods import Period
from services.kit.problems import Invalid

Cursor = tuple[date, UUID, str]
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d)\.([0-9a-f-]{36})\.([a-z_]{1,20})", re.ASCII)


def account(
    organisation_id: UUID, balance: Balance, dues: Sequence[OpenDue], payments: Sequence[LastPayment]
) -> AccountOut:
    """A member's account."""

    def money(minor: int) -> Money:
        return Money(minor, balance.currency)

    by_period: dict[str, list[OpenDue]] = defaultdict(list)
    for due in dues:
        by_period[due.period].append(due)
    return AccountOut(
        member_id=balance.member_id,
        organisation_id=organisation_id,
        credit=money(balance.credit_minor),
        due=money(balance.due_minor),
        overdue=money(balance.overdue_minor),
        charges=[
            OpenChargeOut(
                period=Period.parse(period),
                due_on=min(due.due_on for due in owed),
                total=money(sum(due.total_minor for due in owed)),
                outstanding=money(sum(due.total_minor - due.settled_minor for due in owed)),
            )
            for period, owed in by_period.items()
        ],
        dues=[
            OpenDueOut(
                period=Period.parse(due.period),
                fund=due.fund,
                total=money(due.total_minor),
                settled=money(due.settled_minor),
                due_on=due.due_on,
            )
            for due in dues
        ],
        payments=[_payment(one) for one in payments],
    )


def _payment(one: LastPayment) -> LastPaymentOut:
    return LastPaymentOut(
        id=one.id,
        amount=Money(one.amount_minor, one.currency),
        credit=Money(one.credit_minor, one.currency),
        channel=one.channel,
        value_on=one.value_on,
        receipt=ReceiptOut(number=one.receipt_number, check_code=one.check_code),
        state="reversed" if one.is_reversed else "posted",
    )


def entries(happened: Iterable[Happened], lines: Iterable[ChargedLine]) -> list[EntryOut]:
    """The entries of a statement, charges with their lines."""
    by_charge: dict[UUID, list[ChargedLine]] = defaultdict(list)
    for line in lines:
        by_charge[line.charge_id].append(line)
    return [_entry(one, by_charge.get(one.id, [])) for one in happened]


def _entry(one: Happened, lines: Sequence[ChargedLine]) -> EntryOut:
    amount = None
    if one.amount_minor is not None and one.currency is not None:
        amount = Money(one.amount_minor, one.currency)
    return EntryOut(
        kind=one.kind,
        id=one.id,
        on=one.on,
        period=None if one.period is None else Period.parse(one.period),
        amount=amount,
        value_on=one.value_on,
        due_on=one.due_on,
        channel=one.channel,
        receipt_number=one.receipt_number,
        reason=one.reason,
        covered_until=one.covered_until,
        lines=[_line(line, one.scheme or "", one.currency or "") for line in lines],
    )


def _line(line: ChargedLine, scheme_code: str, currency: str) -> ChargedLineOut:
    known = next((one for one in scheme_in_use(scheme_code).lines if one.code == line.line), None)
    return ChargedLineOut(
        line=line.line,
        branch=known.branch if known else "",
        payer=known.payer if known else "",
        names={"en": known.name.en, "es": known.name.es} if known else {},
        base=Money(line.base_minor, currency),
        rate=None if line.rate is None else format(line.rate, "f"),
        amount=Money(line.amount_minor, currency),
    )


def cursor_of(entry: Happened) -> str:
    """Where the next page begins: behind this entry."""
    return f"{entry.on}.{entry.id}.{entry.kind}"


def read_cursor(written: str | None) -> Cursor | None:
    """The place that a cursor names. Raises Invalid."""
    if written is None:
        return None
    match = _CURSOR.fullmatch(written)
    try:
        if match is None:
            raise ValueError
        return date.fromisoformat(match[1]), UUID(match[2]), match[3]
    except ValueError:
        raise Invalid("after: send what the page before gave as `next`.") from None
