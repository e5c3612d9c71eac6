"""A scheme's rules for one period: the lines, the floor and the figures, each with its source.

The same `Terms` serve the quote at the counter and the run over a million members.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import compress
from typing import get_args

from services.contributions.schemes.computing import (
    Bases,
    Compute,
    FloorTerms,
    LineTerms,
    compiled,
    compiled_bases,
)
from services.contributions.schemes.definitions import Line, LineKind, Scheme
from services.contributions.schemes.parameters import Book, InForce
from services.contributions.schemes.problems import ParameterNotInForce
from services.kit import money
from services.kit.periods import Period


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of one scheme on one day, ready to compute with."""

    scheme: Scheme
    valid_on: date
    known_on: date
    lines: tuple[LineTerms, ...]
    floor: FloorTerms | None
    compute: Compute = field(repr=False)
    """Amounts only, in the order of `lines`."""
    bases: Bases = field(repr=False)
    """What each amount was computed on, in the order of `lines`."""
    collected: dict[LineKind | None, tuple[bool, ...]] = field(repr=False)
    """Which lines the member pays to the mutual, of each kind and of all (None)."""

    def due_minor(self, amounts: tuple[int, ...], kind: LineKind | None = None) -> int:
        """What of a member's amounts the member pays to the mutual; of one kind, or of all."""
        return sum(compress(amounts, self.collected[kind]))


def terms_of_period(
    scheme: Scheme,
    period: Period,
    *,
    known_on: date,
    switches: frozenset[str] = frozenset(),
    permitted_minimum_minor: int | None = None,
) -> Terms:
    """The rules for one period: the figures in force on the day of it that the scheme names."""
    day = period.first_day if scheme.in_force_on == "first_day" else period.last_day
    return terms_on(
        scheme,
        day,
        known_on=known_on,
        switches=switches,
        permitted_minimum_minor=permitted_minimum_minor,
    )


def terms_on(
    scheme: Scheme,
    valid_on: date,
    *,
    known_on: date,
    switches: frozenset[str] = frozenset(),
    permitted_minimum_minor: int | None = None,
) -> Terms:
    """The rules with the figures in force on `valid_on`, as far as was known on `known_on`.

    `switches` are those that are on (`infotep`); `permitted_minimum_minor` is the least wage of the
    mutual's authorisation, which takes the place of the scheme's own floor. Raises ParameterNotInForce.
    """
    if unknown := switches - scheme.switches.keys():
        raise ValueError(f"{scheme.code} has no switch {', '.join(sorted(unknown))}")
    book = Book(scheme, valid_on, known_on)
    made = [
        _line_terms(book, line)
        for line in scheme.lines
        if (line.when is None or line.when in switches)
        and not book.is_left_out(line.rate or line.amount or "")
    ]
    # Rates come before amounts per head, so that each kind is computed in one sweep.
    lines = tuple(sorted(made, key=lambda line: line.per != "wage"))
    floor = _floor_terms(book, permitted_minimum_minor)
    classes = _classes(scheme)
    compute = compiled(lines, classes, scheme.rounding, floor, _fee_guard(book, scheme.lines))
    bases = compiled_bases(lines, classes, floor)
    collected = {
        kind: tuple(line.payer.collected and kind in (None, line.kind) for line in lines)
        for kind in (None, *get_args(LineKind))
    }
    return Terms(scheme, valid_on, known_on, lines, floor, compute, bases, collected)


def _line_terms(book: Book, line: Line) -> LineTerms:
    bare = LineTerms(
        code=line.code,
        name=line.name,
        branch=line.branch,
        kind=line.kind,
        payer=book.scheme.payer(line.payer),
        rank=line.rank,
        per=line.per,
    )
    if line.amount is not None:
        return _amount_per_head(book, line, line.amount, bare)
    assert line.rate is not None
    rate = book.get(line.rate)
    rates = {key: rate.figure(key) for key in _classes(book.scheme)}
    if line.base != "wage":
        return _rate_of_reference(book, line.base, replace(bare, used=(rate,), rates=rates))
    if line.cap is None:
        return replace(bare, per="wage", used=(rate,), rates=rates)
    counted, times = book.get(line.cap.parameter), book.get(line.cap.times)
    cap = money.apply_rate(_minor(book.scheme, counted, None), times.figure(None), book.scheme.rounding)
    return replace(bare, per="wage", used=(rate, counted, times), rates=rates, cap_minor=cap)


def _amount_per_head(book: Book, line: Line, code: str, bare: LineTerms) -> LineTerms:
    """An amount for each head. Not every member has additional dependants: their fee may be lacking."""
    amount = book.find(code) if line.per == "additional_dependant" else book.get(code)
    if amount is None:
        return bare
    units = {key: _minor(book.scheme, amount, key) for key in _classes(book.scheme)}
    return replace(bare, used=(amount,), units_minor=units)


def _rate_of_reference(book: Book, code: str, bare: LineTerms) -> LineTerms:
    """A rate of a published income (by occupation, say): the same amount for all of one class."""
    reference, scheme = book.get(code), book.scheme
    units = {
        key: money.apply_rate(_minor(scheme, reference, key), rate.scaleb(-2), scheme.rounding)
        for key, rate in bare.rates.items()
    }
    return replace(bare, used=(*bare.used, reference), units_minor=units)


def _floor_terms(book: Book, permitted_minimum_minor: int | None) -> FloorTerms | None:
    floor = book.scheme.floor
    if floor is None:
        return None
    used = None if permitted_minimum_minor is not None else book.get(floor.parameter)
    least = _minor(book.scheme, used, floor.row) if used else permitted_minimum_minor
    assert least is not None
    return FloorTerms(least, book.scheme.currency, floor.when_below, book.scheme.sources[floor.source], used)


def _fee_guard(book: Book, lines: tuple[Line, ...]) -> Callable[[], None]:
    """What refuses to charge for additional dependants when no fee for them is in force."""
    lacking = [
        line.amount
        for line in lines
        if line.amount and line.per == "additional_dependant" and book.find(line.amount) is None
    ]

    def ensure_dependants_have_a_fee() -> None:
        if lacking:
            raise ParameterNotInForce(lacking[0], book.valid_on, book.known_on)

    return ensure_dependants_have_a_fee


def _classes(scheme: Scheme) -> tuple[str | None, ...]:
    return scheme.member_class.values if scheme.member_class else (None,)


def _minor(scheme: Scheme, figure: InForce, key: str | None) -> int:
    return int(figure.figure(key).scaleb(money.decimals(scheme.currency)))
