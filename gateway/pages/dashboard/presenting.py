"""From the month's figures to the first page: arches, chart, arrears, what waits."""

from itertools import accumulate

from gateway.pages.charts import CollectionChart, DayTotal
from gateway.pages.dashboard.asking import Asked, PeriodFigures
from gateway.pages.dashboard.views import Age, Arrears, Dashboard, Stage, StageName, Waiting
from gateway.pages.visits import Visit
from gateway.pages.words import N_
from services.kit.money import Money
from services.kit.periods import Period

_WORKED_ON: dict[str, StageName] = {
    "uncharged": "charged",
    "charged": "collected",
    "filed": "remitted",
    "billed": "remitted",
    "remitted": "relayed",
}
"""The step that the mutual is working on, by how far contributions says that the month is."""


def dashboard(asked: Asked, reader: Visit) -> Dashboard:
    """The page's view of what was answered."""
    figures = asked.money
    return Dashboard(
        period=asked.period,
        stages=_stages(asked),
        waiting=_waiting(asked, reader),
        arrears=_arrears(figures) if figures else None,
        chart=_chart(figures, asked.period) if figures else None,
        cut_off_on=figures.cut_off_on if figures else None,
        due_on=figures.due_on if figures else None,
    )


def _stages(asked: Asked) -> tuple[Stage, ...]:
    stages = []
    if figures := asked.money:
        charged, declared = figures.charged.amount, figures.declared.amount
        filed = declared.minor > 0
        steps: list[tuple[StageName, Money, int, Money]] = [
            ("charged", charged, figures.charged.members, charged),
            ("collected", figures.collected.amount, figures.collected.members, charged),
            ("filed", declared, figures.declared.members, figures.collected.amount),
            ("remitted", figures.remitted.amount, figures.remitted.members, declared),
        ]
        now = _WORKED_ON[figures.stage]
        stages = [
            Stage(name, amount, members, of=of if filed or name != "filed" else charged, now=name == now)
            for name, amount, members, of in steps
        ]
    if asked.relayed:
        came = asked.relayed.opening + asked.relayed.received
        other = asked.relayed_in if asked.relayed_in != asked.period else None
        stages.append(Stage("relayed", asked.relayed.relayed, None, of=came, month=other))
    return tuple(stages)


def _waiting(asked: Asked, reader: Visit) -> tuple[Waiting, ...]:
    counts, relayed = asked.counts, asked.relayed
    found = (
        (
            asked.approvals,
            Waiting(
                reader.say(N_("Approvals")),
                asked.approvals,
                "/admin/approvals",
                reader.say(N_("Somebody asked for a second person")),
            ),
        ),
        (
            counts.unverified if counts else 0,
            Waiting(
                reader.say(N_("Members to verify")),
                counts.unverified if counts else 0,
                "/admin/members/unverified",
                reader.say(N_("Registered, and not yet confirmed by another person")),
            ),
        ),
        (
            asked.suspense or 0,
            Waiting(
                reader.say(N_("Deposits without an owner")),
                asked.suspense or 0,
                None,
                reader.say(N_("The bank has them, and nobody is known to have paid them")),
            ),
        ),
        (
            relayed.quarantined_count if relayed else 0,
            Waiting(
                reader.say(N_("Benefits that match nobody")),
                relayed.quarantined_count if relayed else 0,
                None,
                reader.say(N_("The State sent them for somebody whom the register does not know")),
            ),
        ),
        (
            relayed.releasable_count if relayed else 0,
            Waiting(
                reader.say(N_("Benefits to release")),
                relayed.releasable_count if relayed else 0,
                None,
                reader.say(N_("The money is here; two people let it go to the members")),
            ),
        ),
    )
    return tuple(item for count, item in found if count)


def _arrears(figures: PeriodFigures) -> Arrears | None:
    if not figures.arrears:
        return None
    ages = tuple(Age(age.months, age.members, age.amount) for age in figures.arrears)
    total = Money(sum(age.total.minor for age in ages), figures.charged.amount.currency)
    return Arrears(sum(age.members for age in ages), total, ages)


def _chart(figures: PeriodFigures, period: Period) -> CollectionChart | None:
    """What had come in by the end of each day; None before anything came."""
    if not figures.collected_by_day:
        return None
    goal = figures.charged.amount
    days = sorted(figures.collected_by_day, key=lambda entry: entry.on)
    sums = accumulate(entry.amount.minor for entry in days)
    totals = tuple(
        DayTotal(entry.on, Money(total, goal.currency)) for entry, total in zip(days, sums, strict=True)
    )
    first = min(period.first_day, days[0].on)
    last = max(period.last_day, days[-1].on)
    return CollectionChart(totals, goal, first, last, figures.cut_off_on)
