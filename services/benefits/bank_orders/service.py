"""Drawing bank orders, and taking in what the bank says of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from uuid import UUID

from sqlmodel import Session

from services.benefits import books, events
from services.benefits.bank_orders import files, queries, rules
from services.benefits.bank_orders.models import (
    SEALED_FOR,
    BankOrder,
    BankOrderLine,
    Confirmation,
    Outcome,
)
from services.benefits.bank_orders.problems import NoSuchBankOrder
from services.benefits.bank_orders.schemas import ConfirmationIn, RefusedLine
from services.benefits.payout_accounts import SEALED_FOR as ACCOUNTS
from services.benefits.payout_accounts import PayoutAccount
from services.benefits.payouts import Payout, State, announced_paid, book, lock_payouts, move
from services.benefits.settings import settings
from services.kit import audit, clock, secrets
from services.kit.events import record_all
from services.kit.ids import new_id
from services.kit.money import Money
from services.kit.principals import Principal


def draw(
    session: Session,
    payouts: Sequence[Payout],
    accounts: Mapping[UUID, PayoutAccount],
    *,
    by: Principal,
) -> None:
    """Order released payouts of one disbursement at the bank; their files are stored as they are made.

    `accounts` are the members' in force. Raises NoDebtorAccount.
    """
    for start in range(0, len(payouts), rules.LINES_MAX):
        _draw_one(session, payouts[start : start + rules.LINES_MAX], accounts, by)
    move(session, payouts, State.ORDERED)


def file_of(order: BankOrder, kind: str) -> bytes:
    """The stored bytes of an order's file: the same however often they are asked for."""
    sealed = order.csv_sealed if kind == "csv" else order.xml_sealed
    return secrets.decrypt(sealed, purpose=SEALED_FOR).encode()


@dataclass
class Confirmed:
    """What a set of answers did."""

    by_outcome: dict[Outcome, list[Payout]] = field(default_factory=lambda: {one: [] for one in Outcome})
    repeated: int = 0
    refused: list[RefusedLine] = field(default_factory=list)


def confirm(
    session: Session, order_id: UUID, answers: Iterable[tuple[int, ConfirmationIn]], *, by: Principal
) -> Confirmed:
    """Take in what the bank says of an order's lines; each answer has one effect for ever.

    Lines that cannot be true (another order's, another outcome than was told) are refused one by one;
    the others take effect. Raises NoSuchBankOrder.
    """
    if queries.order(session, order_id) is None:
        raise NoSuchBankOrder(f"No bank order has the id {order_id}.")
    answers = list(answers)
    on_order = queries.payouts_on(session, order_id, [answer.reference for _, answer in answers])
    payouts = {payout.id: payout for payout in lock_payouts(session, list(on_order.values()))}
    known = queries.answered(session, list(payouts))
    today, done = clock.business_today(session), Confirmed()
    for line, answer in answers:
        payout = payouts.get(on_order.get(answer.reference, order_id))
        if (answer.reference, answer.outcome) in known:
            done.repeated += 1
        elif refusal := _apply(session, payout, answer, today, by):
            done.refused.append(RefusedLine(line=line, reference=answer.reference, reason=refusal))
        elif payout is not None:
            known.add((answer.reference, answer.outcome))
            done.by_outcome[answer.outcome].append(payout)
    session.flush()
    _settle(session, done.by_outcome)
    told = {str(outcome): len(found) for outcome, found in done.by_outcome.items()}
    audit.write(session, "bank_orders.confirm", order_id, by=by, details=told)
    return done


def _apply(
    session: Session, payout: Payout | None, answer: ConfirmationIn, today: date, by: Principal
) -> str | None:
    """Let one answer take effect on its payout; says why if it cannot."""
    if payout is None:
        return "not a line of this order"
    if answer.reference != rules.reference_of(payout):
        return "this line was answered before, and the payout was sent anew"
    value_on = answer.value_on or today
    if value_on > today:
        return f"{value_on} lies in the future"
    becomes = rules.after(payout.state, answer.outcome)
    if becomes is None:
        return f"the payout is {payout.state}"
    payout.state = becomes
    payout.paid_on = value_on if becomes == State.PAID else None
    payout.reason = (answer.reason or answer.outcome) if becomes == State.FAILED else None
    session.add(
        Confirmation(
            **answer.model_dump(exclude={"value_on"}),
            value_on=value_on,
            recorded_by=by.subject,
            recorded_at=clock.now(),
        )
    )
    return None


def _settle(session: Session, by_outcome: Mapping[Outcome, Sequence[Payout]]) -> None:
    paid = by_outcome[Outcome.PAID]
    book(session, "payout_paid", paid, debit=books.IN_TRANSIT, credit=books.BANK)
    record_all(session, events.paid([announced_paid(payout) for payout in paid]))
    failed, returned = by_outcome[Outcome.FAILED], by_outcome[Outcome.RETURNED]
    book(session, "payout_failed", failed, debit=books.IN_TRANSIT, credit=books.OWED_TO_MEMBERS)
    book(session, "payout_bounced", returned, debit=books.BANK, credit=books.OWED_TO_MEMBERS)


def _draw_one(
    session: Session, payouts: Sequence[Payout], accounts: Mapping[UUID, PayoutAccount], by: Principal
) -> None:
    order_id, today = new_id(), clock.business_today(session)
    lines = [
        files.Line(
            rules.reference_of(payout),
            Money(payout.amount_minor, payout.currency),
            _party(accounts[payout.member_id]),
        )
        for payout in payouts
    ]
    order = files.Order(order_id.hex, clock.now(), today, rules.debtor(settings()), lines)
    csv, xml = files.csv_file(order), files.xml_file(order)
    row = BankOrder(
        id=order_id,
        disbursement_id=payouts[0].disbursement_id,
        line_count=len(lines),
        total_minor=order.total.minor,
        currency=order.total.currency,
        execute_on=order.execute_on,
        drawn_by=by.subject,
        drawn_at=order.drawn_at,
        csv_sealed=secrets.encrypt(csv.decode(), purpose=SEALED_FOR),
        csv_sha256=sha256(csv).digest(),
        xml_sealed=secrets.encrypt(xml.decode(), purpose=SEALED_FOR),
        xml_sha256=sha256(xml).digest(),
    )
    rows = [
        BankOrderLine(
            reference=line.reference,
            order_id=order_id,
            payout_id=payout.id,
            amount_minor=payout.amount_minor,
        )
        for line, payout in zip(lines, payouts, strict=True)
    ]
    queries.add(session, row, rows)
    audit.write(session, "bank_orders.draw", order_id, by=by, details={"lines": len(lines)})


def _party(account: PayoutAccount) -> files.Party:
    number = secrets.decrypt(account.account_sealed, purpose=ACCOUNTS)
    return files.Party(account.holder_name, number, account.bic)
