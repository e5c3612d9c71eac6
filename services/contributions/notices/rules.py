"""How a bill differs from a declaration, and why. Pure: two lines come in, differences come out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.contributions.layouts import to_document_number
from services.contributions.schemes import Scheme

Reason = Literal["rounding", "floor", "missing", "unknown", "late_charge", "credit", "other"]
AT_ONCE: frozenset[Reason] = frozenset({"rounding", "floor", "late_charge", "credit"})
"""Reasons that explain themselves; the others wait for someone's words."""

_KINDS_BILLED = ("contribution", "dependants")


@dataclass(frozen=True, slots=True)
class BilledLine:
    """One person on a notice, in minor units."""

    number: int
    document_type: str
    document: str
    wage_minor: int
    amounts: dict[str, int]

    @property
    def amount_minor(self) -> int:
        return sum(self.amounts.values())


@dataclass(frozen=True, slots=True)
class Branches:
    """The branches of a comparison, in the order of all its amounts, with the charge lines of each.

    `dependants` are the charge lines that are booked as an obligation of their own.
    """

    codes: tuple[str, ...]
    lines: dict[str, tuple[str, ...]]
    dependants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A person on the payroll, on the notice, or on both, with what each says, branch by branch.

    Only such as differ. `settled_minor` is what the member has paid of what was asked (`due_minor`).
    """

    line_number: int | None
    member_id: UUID | None
    organisation_id: UUID | None
    charge_id: UUID | None
    declared_wage_minor: int | None
    declared: tuple[int, ...] | None
    billed_wage_minor: int | None
    billed: tuple[int, ...] | None
    due_minor: int = 0
    settled_minor: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """One difference, as found: branch, reason and the three amounts, in minor units."""

    branch: str | None
    reason: Reason
    collected_minor: int
    declared_minor: int
    billed_minor: int

    @property
    def amount_minor(self) -> int:
        return self.billed_minor - self.declared_minor


def document_key(written: str) -> str:
    """A document as payrolls write it; what no payroll could write stays as it came, and is unknown."""
    try:
        return to_document_number(written)
    except ValueError:
        return written.strip()


def branches_of(scheme: Scheme, named: Iterable[str]) -> Branches:
    """The scheme's branches in the order in which members pay them, then others that a notice names."""
    lines: dict[str, tuple[str, ...]] = {}
    dependants: list[str] = []
    for line in sorted(scheme.lines, key=lambda one: one.rank):
        if line.kind in _KINDS_BILLED and scheme.payer(line.payer).collected:
            lines[line.branch] = (*lines.get(line.branch, ()), line.code)
            if line.kind == "dependants":
                dependants.append(line.code)
    foreign = set(named) - lines.keys()
    return Branches((*lines, *sorted(foreign)), lines, tuple(dependants))


def differences_of(pair: Pair, branches: Branches, *, answers_declaration: bool) -> list[Found]:
    """The differences of one person, branch by branch.

    A notice that does not answer a declaration (an audit) bills on top of it: nothing was declared for it.
    """
    nothing = (0,) * len(branches.codes)
    declared = (pair.declared or nothing) if answers_declaration else nothing
    billed = pair.billed or nothing
    collected = (
        collected_by_branch(declared, pair.settled_minor, pair.due_minor)
        if answers_declaration and pair.declared
        else nothing
    )
    return [
        Found(code, _reason(pair, branches, code, ours, theirs, answers_declaration), paid, ours, theirs)
        for code, paid, ours, theirs in zip(branches.codes, collected, declared, billed, strict=True)
        if ours != theirs
    ]


def _reason(
    pair: Pair, branches: Branches, code: str, ours: int, theirs: int, answers_declaration: bool
) -> Reason:
    if pair.billed is None:
        return "missing"
    if pair.member_id is None:
        return "unknown"
    if not answers_declaration:
        return "other"
    assert pair.billed_wage_minor is not None
    assert pair.declared_wage_minor is not None
    # SUIR lifts a wage below the employer's minimum to that minimum (CNSS Res. 380-02, 471-02).
    if pair.billed_wage_minor > pair.declared_wage_minor and theirs > ours:
        return "floor"
    # Each share is rounded by itself, so each can differ by one unit.
    same_wage = pair.billed_wage_minor == pair.declared_wage_minor
    if same_wage and abs(theirs - ours) <= len(branches.lines.get(code, ())):
        return "rounding"
    return "other"


def collected_by_branch(declared: Sequence[int], settled_minor: int, due_minor: int) -> tuple[int, ...]:
    """What of each branch the member has paid: the branches in their order, until the money ends."""
    if settled_minor >= due_minor:
        return tuple(declared)
    left, paid = settled_minor, []
    for minor in declared:
        paid.append(min(minor, left))
        left -= paid[-1]
    return tuple(paid)


def net_minor(found: Iterable[Found]) -> int:
    """What one person's differences come to: a branch billed higher is paid first from one billed lower."""
    return sum(one.amount_minor for one in found)
