"""From members and terms to the rows of a charging: pure, and in the text form that `COPY` reads.

The amounts come from `schemes`, the same code as the quote. Each member gets one charge, a line for
each branch and payer that the member pays, a due for each fund, and a ledger row for each kind of money.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.contributions.books import obligations, receivable
from services.contributions.events import ChargedMember
from services.contributions.schemes import LineTerms, Terms
from services.kit.ids import new_id
from services.kit.periods import Period

FUND = {"contribution": "contributions", "dependants": "contributions", "fee": "fees"}
"""Which fund a kind of line is paid to: filing needs the first one settled, whole."""
OBLIGATION = {"contribution": "contributions", "dependants": "dependants", "fee": "fees"}
"""What is then owed onwards, kept apart in the books."""


@dataclass(frozen=True, slots=True)
class Chargeable:
    """What of a member a charge is computed from."""

    member_id: UUID
    organisation_id: UUID
    wage_minor: int
    additional_dependants: int
    risk_class: str
    credit_minor: int


@dataclass(frozen=True, slots=True)
class Charging:
    """What all charges of a run have in common."""

    run_id: UUID
    period: Period
    scheme: str
    currency: str
    booked_on: date
    due_on: date
    terms: Terms


@dataclass(slots=True)
class ChargeRows:
    """Rows for `COPY`, one list for each table, and what is announced."""

    charges: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    dues: list[str] = field(default_factory=list)
    ledger: list[str] = field(default_factory=list)
    charged: list[ChargedMember] = field(default_factory=list)
    total_minor: int = 0


CHARGES = (
    "id, booked_on, run_id, period, scheme, currency, due_on, member_id, organisation_id, wage_minor,"
    " additional_dependants, risk_class, total_minor"
)
LINES = "booked_on, charge_id, line, base_minor, rate, amount_minor"
DUES = (
    "booked_on, period, currency, due_on, sequence, settled_minor, state, member_id, organisation_id,"
    " charge_id, fund, rank, total_minor"
)
LEDGER = "booked_on, kind, currency, debit_account, credit_account, member_id, source_id, amount_minor"


def charge_rows(charging: Charging, members: Iterable[Chargeable]) -> ChargeRows:
    """The rows that charge these members. A line of zero is left out; so is a member who owes nothing."""
    made = ChargeRows()
    shape = _Shape(charging)
    for member in members:
        shape.add(made, member)
    return made


class _Shape:
    """What is the same for every member of a run, worked out once."""

    def __init__(self, charging: Charging) -> None:
        terms, currency = charging.terms, charging.currency
        self._compute, self._bases = terms.compute, terms.bases
        self._currency = currency
        self._collected = [index for index, line in enumerate(terms.lines) if line.collected]
        self._lines = terms.lines
        self._rates: dict[tuple[int, str], str] = {}
        self._rank: dict[str, int] = {}
        for index in self._collected:
            line = terms.lines[index]
            fund = FUND[line.kind]
            self._rank[fund] = min(line.rank, self._rank.get(fund, line.rank))
        day, due, period = charging.booked_on, charging.due_on, charging.period
        self._charge = f"{day}\t{charging.run_id}\t{period}\t{charging.scheme}\t{currency}\t{due}"
        self._due = f"{day}\t{period}\t{currency}\t{due}\t0\t0\topen"
        self._day = str(day)
        self._entry = {
            kind: f"{day}\tcharge\t{currency}\t{receivable(FUND[kind])}\t{obligations(onwards)}"
            for kind, onwards in OBLIGATION.items()
        }

    def add(self, made: ChargeRows, member: Chargeable) -> None:
        amounts = self._compute(member.wage_minor, member.additional_dependants, member.risk_class)
        bases = self._bases(member.wage_minor, member.risk_class)
        charge_id, member_id = str(new_id()), str(member.member_id)
        by_kind: dict[str, int] = {}
        for index in self._collected:
            amount = amounts[index]
            if amount:
                line = self._lines[index]
                rate = self._rate(index, line, member.risk_class)
                made.lines.append(
                    f"{self._day}\t{charge_id}\t{line.code}\t{bases[index]}\t{rate}\t{amount}\n"
                )
                by_kind[line.kind] = by_kind.get(line.kind, 0) + amount
        if not by_kind:
            return
        self._add_sums(made, member, charge_id, member_id, by_kind)

    def _add_sums(
        self, made: ChargeRows, member: Chargeable, charge_id: str, member_id: str, by_kind: dict[str, int]
    ) -> None:
        by_fund: dict[str, int] = {}
        for kind, amount in by_kind.items():
            made.ledger.append(f"{self._entry[kind]}\t{member_id}\t{charge_id}\t{amount}\n")
            by_fund[FUND[kind]] = by_fund.get(FUND[kind], 0) + amount
        for fund, amount in by_fund.items():
            made.dues.append(
                f"{self._due}\t{member_id}\t{member.organisation_id}\t{charge_id}\t{fund}"
                f"\t{self._rank[fund]}\t{amount}\n"
            )
        total = sum(by_kind.values())
        made.charges.append(
            f"{charge_id}\t{self._charge}\t{member_id}\t{member.organisation_id}\t{member.wage_minor}"
            f"\t{member.additional_dependants}\t{member.risk_class}\t{total}\n"
        )
        made.total_minor += total
        made.charged.append(
            ChargedMember.model_construct(
                charge_id=UUID(charge_id),
                member_id=member.member_id,
                organisation_id=member.organisation_id,
                total_minor=total,
                outstanding_minor=total,
                currency=self._currency,
            )
        )

    def _rate(self, index: int, line: LineTerms, risk_class: str) -> str:
        known = self._rates.get((index, risk_class))
        if known is None:
            rate = line.rates.get(risk_class) if line.per == "wage" else None
            known = self._rates[(index, risk_class)] = "\\N" if rate is None else str(rate)
        return known
