"""The one chart: what was collected, day by day, against what was charged.

Drawn as SVG on the server. Lengths across are percentages and the curve has a box of its own that
stretches, so one drawing fits a phone and a desk and its letters keep their size.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from services.kit.money import Money

BOX_WIDTH, BOX_HEIGHT = 1000, 170
ONE_DAY = timedelta(days=1)
_HEADROOM_PERCENT = 112  # the goal's line stays a little under the top edge


class DayTotal(NamedTuple):
    """All that had been collected for the period by the end of a day."""

    on: date
    total: Money


@dataclass(frozen=True, slots=True)
class CollectionChart:
    """The month's collection: `days` in order, none left out that had a payment."""

    days: tuple[DayTotal, ...]
    goal: Money
    first_on: date
    last_on: date
    cut_off_on: date | None = None

    @property
    def _top_minor(self) -> int:
        highest = max([self.goal.minor, *(d.total.minor for d in self.days)])
        return max(1, highest * _HEADROOM_PERCENT // 100)

    def _across(self, on: date) -> float:
        """Where a day lies from left to right, 0 to 1."""
        span = max(1, (self.last_on - self.first_on).days)
        return min(1.0, max(0.0, (on - self.first_on).days / span))

    def down(self, amount: Money) -> float:
        """How far from the top of the box an amount lies."""
        return round(BOX_HEIGHT * (1 - amount.minor / self._top_minor), 1)

    def percent(self, on: date) -> str:
        return f"{self._across(on) * 100:.1f}%"

    @property
    def line(self) -> str:
        """The curve as an SVG path; from nothing on the first day."""
        points = [(0.0, float(BOX_HEIGHT))]
        earlier_on, earlier_down = self.first_on, float(BOX_HEIGHT)
        for entry in self.days:
            eve = entry.on - ONE_DAY
            if eve > earlier_on:  # nothing came in between: level until the day before
                points.append((self._x(eve), earlier_down))
            earlier_on, earlier_down = entry.on, self.down(entry.total)
            points.append((self._x(entry.on), earlier_down))
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)

    def _x(self, on: date) -> float:
        return round(self._across(on) * BOX_WIDTH, 1)

    @property
    def cut_off_side(self) -> Literal["start", "middle", "end"]:
        """At which side of its line the cut-off is written: towards the middle of the chart."""
        across = self._across(self.cut_off_on) if self.cut_off_on else 0.5
        return "start" if across < 0.3 else "end" if across > 0.7 else "middle"

    @property
    def area(self) -> str:
        """The same, closed along the ground."""
        end = self._x(self.days[-1].on)
        return f"{self.line}L{end:g} {BOX_HEIGHT}L0 {BOX_HEIGHT}Z"

    @property
    def latest(self) -> DayTotal:
        return self.days[-1]
