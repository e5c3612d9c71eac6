"""What the first page shows."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from gateway.pages.charts import CollectionChart
from gateway.pages.words import N_
from services.kit.money import Money
from services.kit.periods import Period

StageName = Literal["charged", "collected", "filed", "remitted", "relayed"]

STAGE_TITLES: dict[StageName, str] = {
    "charged": N_("Charged"),
    "collected": N_("Collected"),
    "filed": N_("Filed with the State"),
    "remitted": N_("Paid to the State"),
    "relayed": N_("Relayed to members"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One arch of the month: how much of what it is measured by has passed through it."""

    name: StageName
    amount: Money
    members: int | None
    of: Money
    now: bool = False
    """True for the stage that the mutual is working on just now."""
    month: Period | None = None
    """The month of the figure, where it is another than the page's."""

    @property
    def title(self) -> str:
        return STAGE_TITLES[self.name]

    @property
    def share(self) -> float:
        """How full the arch is, 0 to 1."""
        if self.of.minor <= 0:
            return 0.0
        return min(1.0, max(0.0, self.amount.minor / self.of.minor))

    @property
    def percent(self) -> int:
        """The share in whole percents, cut down and not rounded: 100 % means all of it."""
        return int(self.share * 100)

    @property
    def ahead(self) -> bool:
        return self.amount.minor == 0 and not self.now


@dataclass(frozen=True, slots=True)
class Arrears:
    """What members owe from closed months, by how long."""

    members: int
    total: Money
    ages: tuple["Age", ...] = ()


@dataclass(frozen=True, slots=True)
class Age:
    """Those who owe `months` months; the last age holds all the longer ones too."""

    months: int
    members: int
    total: Money


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the reader: how many, and where to see to it, if a page is there for it."""

    title: str
    count: int
    href: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The month, as the reader may see it; a part without an answer is None and is left out."""

    period: Period
    stages: tuple[Stage, ...]
    waiting: tuple[Waiting, ...]
    arrears: Arrears | None = None
    chart: CollectionChart | None = None
    cut_off_on: date | None = None
    due_on: date | None = None
