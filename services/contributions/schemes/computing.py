"""The sums of one member, quick: integers only, compiled for one set of figures.

Each line is rounded by itself (half up to the centavo, per branch and share, in the Dominican
scheme [agreed by public exporters]) and then summed, as the TSS bills; one rate over all would give
another figure. The quote at the counter and the run over a million members call this same code.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal, Protocol

from services.contributions.schemes.definitions import Head, LineKind, Named, Payer, Rounding
from services.contributions.schemes.parameters import InForce
from services.contributions.schemes.problems import WageBelowFloor
from services.kit.money import MINOR_MAX, Money

MEMO_SIZE = 1 << 14
"""Charges remembered for one set of figures: wages repeat, and looking up is quicker."""

HEADS: tuple[Head, ...] = ("member", "additional_dependant", "beneficiary")


class Compute(Protocol):
    """The amounts of one member's lines, in the order of the lines, in minor units."""

    def __call__(
        self,
        wage_minor: int,
        additional_dependants: int = 0,
        member_class: str | None = None,
        beneficiaries: int = 1,
        /,
    ) -> tuple[int, ...]: ...


@dataclass(frozen=True, slots=True)
class LineTerms:
    """One line as it holds: a rate of the wage up to `cap_minor`, or an amount for each `per`."""

    code: str
    name: Named
    branch: str
    kind: LineKind
    payer: Payer
    rank: int
    per: Literal["wage"] | Head
    used: tuple[InForce, ...] = ()
    """Every figure the line is computed with, the rate or amount first."""
    rates: dict[str | None, Decimal] = field(default_factory=dict)
    """Percent, by member class; empty where no rate applies."""
    units_minor: dict[str | None, int] = field(default_factory=dict)
    """Amount per head, by member class; empty for rates of the wage, and where no figure is in force."""
    cap_minor: int | None = None

    @property
    def collected(self) -> bool:
        """Whether the member pays this line to the mutual."""
        return self.payer.collected

    @property
    def cap(self) -> int:
        """The most of a wage that counts; without a cap, more than any wage."""
        return MINOR_MAX if self.cap_minor is None else self.cap_minor


@dataclass(frozen=True, slots=True)
class FloorTerms:
    """The least wage, and whether one below it is lifted to it or refused."""

    minor: int
    currency: str
    when_below: Literal["lift", "refuse"]
    source: str
    used: InForce | None
    """The scheme's own figure; None when the mutual's authorisation set another."""

    def counted(self, wage_minor: int) -> int:
        """The wage that lines are computed on. Raises WageBelowFloor where the scheme refuses."""
        if wage_minor >= self.minor:
            return wage_minor
        if self.when_below == "refuse":
            raise WageBelowFloor(Money(wage_minor, self.currency), Money(self.minor, self.currency))
        return self.minor


class Bases(Protocol):
    """What each line's rate was applied to, or its amount per head: for writing lines down."""

    def __call__(self, wage_minor: int, member_class: str | None = None, /) -> tuple[int, ...]: ...


def compiled_bases(
    lines: Sequence[LineTerms], classes: Sequence[str | None], floor: FloorTerms | None
) -> Bases:
    """The bases of `lines`, in their order; the wage counts after the floor and up to each cap."""
    caps = [line.cap for line in lines if line.per == "wage"]
    units = {key: [unit for _, unit in _units(lines, key)] for key in classes}

    def bases(wage_minor: int, member_class: str | None = None, /) -> tuple[int, ...]:
        wage = wage_minor if floor is None else floor.counted(wage_minor)
        return tuple([wage if wage < cap else cap for cap in caps] + units[member_class])

    return bases


def compiled(
    lines: Sequence[LineTerms],
    classes: Sequence[str | None],
    rounding: Rounding,
    floor: FloorTerms | None,
    ensure_dependants_have_a_fee: Callable[[], None],
) -> Compute:
    """The quick form of `lines`, of which those with a rate come first.

    A member class that is not among `classes` raises KeyError. Safe to call from many threads.
    """
    by_class = {key: (_rates(lines, key, rounding), _units(lines, key)) for key in classes}
    floor_minor = floor.minor if floor else 0

    @lru_cache(maxsize=MEMO_SIZE)
    def compute(
        wage_minor: int,
        additional_dependants: int = 0,
        member_class: str | None = None,
        beneficiaries: int = 1,
        /,
    ) -> tuple[int, ...]:
        rates, units = by_class[member_class]
        if floor is not None and wage_minor < floor_minor:
            wage_minor = floor.counted(wage_minor)
        if additional_dependants:
            ensure_dependants_have_a_fee()
        heads = (1, additional_dependants, beneficiaries)
        amounts = [
            ((wage_minor if wage_minor < cap else cap) * twice + half) // whole
            for cap, twice, half, whole in rates
        ]
        amounts += [heads[which] * unit for which, unit in units]
        return tuple(amounts)

    return compute


def _rates(
    lines: Sequence[LineTerms], key: str | None, rounding: Rounding
) -> list[tuple[int, int, int, int]]:
    """Cap and fraction of each rate. Half up is ⌊(2·base·n + d) / 2d⌋, exact in integers."""
    prepared = []
    for line in lines:
        if line.per == "wage":
            numerator, denominator = line.rates[key].scaleb(-2).as_integer_ratio()
            half = denominator if rounding == "half_up" else 0
            prepared.append((line.cap, 2 * numerator, half, 2 * denominator))
    return prepared


def _units(lines: Sequence[LineTerms], key: str | None) -> list[tuple[int, int]]:
    """Which head count each amount is multiplied with, and the amount."""
    return [(HEADS.index(line.per), line.units_minor.get(key, 0)) for line in lines if line.per != "wage"]
