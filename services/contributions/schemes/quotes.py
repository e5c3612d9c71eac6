"""A quote: one member's charge for one period, line by line, each with its rule and its source.

It is computed by the code of the charging run, so that the counter and the run never differ.
"""

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, Field

from services.contributions.calendars import calendar_of, due_on
from services.contributions.schemes.computing import HEADS, FloorTerms, LineTerms
from services.contributions.schemes.definitions import LineKind
from services.contributions.schemes.schemas import FigureOut
from services.contributions.schemes.terms import Terms
from services.contributions.schemes.wording import Language, rule_of
from services.kit.money import Money
from services.kit.periods import Period

HEADS_MAX = 50
"""No family is larger; a larger number is a typing error."""


@dataclass(frozen=True, slots=True)
class QuoteFacts:
    """What is said of a member when a quote is asked for."""

    wage_minor: int
    additional_dependants: int
    member_class: str | None
    beneficiaries: int


class QuoteLineOut(BaseModel):
    line: str
    name: str
    branch: str
    kind: LineKind
    payer: str
    payer_name: str
    collected: bool = Field(description="Whether the member pays this line to the mutual.")
    rank: int = Field(description="A payment settles the smallest first.")
    base: Money = Field(description="What the rate is applied to, or the amount per head.")
    rate_percent: str | None
    heads: int | None
    amount: Money
    rule: str
    source: str
    figures: list[FigureOut]

    @classmethod
    def of(
        cls, terms: Terms, line: LineTerms, facts: QuoteFacts, base: int, amount: int, language: Language
    ) -> "QuoteLineOut":
        currency = terms.scheme.currency
        counts = (1, facts.additional_dependants, facts.beneficiaries)
        heads = None if line.per == "wage" else counts[HEADS.index(line.per)]
        rate = line.rates.get(facts.member_class)
        return cls(
            line=line.code,
            name=line.name.in_language(language),
            branch=line.branch,
            kind=line.kind,
            payer=line.payer.code,
            payer_name=line.payer.name.in_language(language),
            collected=line.collected,
            rank=line.rank,
            base=Money(base, currency),
            rate_percent=None if rate is None else format(rate, "f"),
            heads=heads,
            amount=Money(amount, currency),
            rule=rule_of(
                line,
                wage_minor=_counted(terms.floor, facts.wage_minor),
                heads=heads or 0,
                member_class=facts.member_class,
                currency=currency,
                rounding=terms.scheme.rounding,
                language=language,
            ),
            source="; ".join(dict.fromkeys(used.source for used in line.used)),
            figures=[FigureOut.of(used, language) for used in line.used],
        )


class FloorOut(BaseModel):
    """The least wage that may be declared, and whether it lifted this one."""

    minimum: Money
    lifted: bool
    source: str
    figure: FigureOut | None = Field(description="None when the mutual's authorisation set it.")


class QuoteOut(BaseModel):
    """One member's charge for one period, line by line."""

    scheme: str
    period: Period
    valid_on: date
    known_on: date
    due_on: date
    wage: Money
    wage_counted: Money = Field(description="The wage after the floor.")
    floor: FloorOut | None
    additional_dependants: int
    member_class: str | None
    lines: list[QuoteLineOut]
    contributions: Money
    dependants: Money
    fees: Money
    total: Money = Field(description="What the member pays to the mutual: the lines it collects.")

    @classmethod
    def of(cls, terms: Terms, facts: QuoteFacts, period: Period, language: Language) -> "QuoteOut":
        """Compute and explain. Raises WageBelowFloor, ParameterNotInForce."""
        scheme = terms.scheme
        amounts = terms.compute(
            facts.wage_minor, facts.additional_dependants, facts.member_class, facts.beneficiaries
        )
        bases = terms.bases(facts.wage_minor, facts.member_class)
        lines = [
            QuoteLineOut.of(terms, line, facts, base, amount, language)
            for line, base, amount in zip(terms.lines, bases, amounts, strict=True)
            if amount
        ]

        def due(kind: LineKind | None = None) -> Money:
            return Money(terms.due_minor(amounts, kind), scheme.currency)

        return cls(
            scheme=scheme.code,
            period=period,
            valid_on=terms.valid_on,
            known_on=terms.known_on,
            due_on=due_on(calendar_of(scheme.calendar.country), scheme.calendar.due, period, terms.known_on),
            wage=Money(facts.wage_minor, scheme.currency),
            wage_counted=Money(_counted(terms.floor, facts.wage_minor), scheme.currency),
            floor=_floor(terms.floor, facts.wage_minor, language),
            additional_dependants=facts.additional_dependants,
            member_class=facts.member_class,
            lines=sorted(lines, key=lambda line: line.rank),
            contributions=due("contribution"),
            dependants=due("dependants"),
            fees=due("fee"),
            total=due(),
        )


def _floor(floor: FloorTerms | None, wage_minor: int, language: Language) -> FloorOut | None:
    if floor is None:
        return None
    return FloorOut(
        minimum=Money(floor.minor, floor.currency),
        lifted=wage_minor < floor.minor,
        source=floor.source,
        figure=FigureOut.of(floor.used, language) if floor.used else None,
    )


def _counted(floor: FloorTerms | None, wage_minor: int) -> int:
    return floor.counted(wage_minor) if floor else wage_minor
