"""Figures: a value, its floor, their ratio, and the goal that the ratio is held against."""

import json
import operator
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

_COMPARE = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Figure:
    """One measured figure. `ratio` is value ÷ floor; `goal` is written `<= 3.0` and speaks of the ratio,
    or of the value where there is no floor.
    """

    name: str
    value: float
    unit: str
    floor: float | None
    goal: str | None

    @property
    def ratio(self) -> float | None:
        return None if not self.floor else self.value / self.floor

    @property
    def holds(self) -> bool | None:
        if self.goal is None:
            return None
        sign, number = self.goal.split()
        measured = self.value if self.ratio is None else self.ratio
        return bool(_COMPARE[sign](measured, float(number)))


class Figures:
    """What was measured so far; each is shown at once, and all are written in the end."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._all: list[Figure] = []

    def add(
        self, name: str, value: float, unit: str, *, floor: float | None = None, goal: str | None = None
    ) -> None:
        figure = Figure(name, value, unit, floor, goal)
        self._all.append(figure)
        self.console.print(f"  {name}: {_shown(value)} {unit}{_beside(figure)}", markup=False)

    def table(self) -> Table:
        shown = Table(box=None, pad_edge=False)
        for heading in ("figure", "value", "unit", "floor", "ratio", "goal", ""):
            shown.add_column(heading, justify="left" if heading in ("figure", "unit") else "right")
        for one in self._all:
            mark = {True: "[green]✓[/green]", False: "[red]✗[/red]", None: ""}[one.holds]
            ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
            floor = "" if one.floor is None else _shown(one.floor)
            shown.add_row(one.name, _shown(one.value), one.unit, floor, ratio, one.goal or "", mark)
        return shown

    def write(self, path: Path) -> None:
        rows = [asdict(one) | {"ratio": one.ratio, "holds": one.holds} for one in self._all]
        path.write_text(json.dumps(rows, indent=2) + "\n")


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


def _beside(figure: Figure) -> str:
    if figure.ratio is None:
        return ""
    return f" = {figure.ratio:.2f} × {_shown(figure.floor or 0)}"
