"""Whether the parts of a scheme agree with each other; each contradiction is named with its place."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from services.contributions.datafiles import Loc
from services.contributions.schemes.definitions import Line, Parameter, Row, Scheme
from services.kit import money

Contradiction = tuple[Loc, str]


def contradictions(scheme: Scheme) -> Iterator[Contradiction]:
    """What is wrong with a scheme whose parts each have the right shape."""
    try:
        money.decimals(scheme.currency)
    except ValueError as error:
        yield ("currency",), str(error)
        return
    for name, parameter in scheme.parameters.items():
        yield from _of_parameter(scheme, name, parameter)
    for position, line in enumerate(scheme.lines):
        for reason in _of_line(scheme, line):
            yield ("lines", position), f"{line.code}: {reason}"
    for code, count in Counter(line.code for line in scheme.lines).items():
        if count > 1:
            yield ("lines",), f"{count} lines are called {code}"
    yield from _of_floor(scheme)
    if scheme.calendar.source not in scheme.sources:
        yield ("calendar", "source"), f"{scheme.calendar.source} is not among the sources"


def _of_parameter(scheme: Scheme, name: str, parameter: Parameter) -> Iterator[Contradiction]:
    where: Loc = ("parameters", name)
    keys = scheme.keys_of(parameter)
    if parameter.by is not None and not keys:
        yield (*where, "by"), f"{parameter.by} is neither the member's class nor a table"
        return
    if parameter.set_by == "law" and not parameter.values:
        yield where, "a parameter of the law has at least one value"
    before: Row | None = None
    for position, row in enumerate(parameter.values):
        at: Loc = (*where, "values", position)
        if row.source not in scheme.sources:
            yield (*at, "source"), f"{row.source} is not among the sources"
        if before and (row.valid_from, row.known_from) <= (before.valid_from, before.known_from):
            yield at, f"comes after the value from {before.valid_from}, and must begin later"
        before = row
        for reason in _of_figures(scheme, parameter, row, keys):
            yield (*at, "value"), reason


def _of_figures(scheme: Scheme, parameter: Parameter, row: Row, keys: tuple[str, ...]) -> Iterator[str]:
    given = tuple(row.value) if isinstance(row.value, dict) else ()
    if set(given) != set(keys):
        yield f"must be one figure for each of {', '.join(keys)}" if keys else "must be one figure"
    for figure in row.value.values() if isinstance(row.value, dict) else (row.value,):
        if parameter.unit == "percent" and figure > 100:
            yield f"a rate of {figure} percent is more than the whole"
        if parameter.unit == "money" and _has_parts_of_a_minor_unit(figure, scheme.currency):
            yield f"{figure} has more decimals than {scheme.currency} allows"


def _of_line(scheme: Scheme, line: Line) -> Iterator[str]:
    if line.payer not in {payer.code for payer in scheme.payers}:
        yield f"{line.payer} is not among the payers"
    if line.when is not None and line.when not in scheme.switches:
        yield f"{line.when} is not among the switches"
    if line.rate is not None:
        yield from _refers(scheme, line.rate, "percent", by_class=True)
        if line.base != "wage":
            yield from _refers(scheme, line.base, "money", by_class=True)
        elif not scheme.uses_wage:
            yield "is a rate of the wage, which this scheme does not use"
    if line.amount is not None:
        yield from _refers(scheme, line.amount, "money", by_class=True)
    if line.cap is not None:
        yield from _refers(scheme, line.cap.parameter, "money", by_class=False)
        yield from _refers(scheme, line.cap.times, "number", by_class=False)


def _of_floor(scheme: Scheme) -> Iterator[Contradiction]:
    floor = scheme.floor
    if floor is None:
        return
    if floor.source not in scheme.sources:
        yield ("floor", "source"), f"{floor.source} is not among the sources"
    parameter = scheme.parameters.get(floor.parameter)
    if parameter is None or parameter.unit != "money":
        yield ("floor", "parameter"), f"{floor.parameter} is not a parameter in money"
    elif (floor.row is not None or parameter.by) and floor.row not in scheme.keys_of(parameter):
        yield ("floor", "row"), f"{floor.row} is not one of {', '.join(scheme.keys_of(parameter))}"
    if not scheme.uses_wage:
        yield ("floor",), "a scheme that uses no wage has no least wage"


def _refers(scheme: Scheme, name: str, unit: str, *, by_class: bool) -> Iterator[str]:
    parameter = scheme.parameters.get(name)
    if parameter is None:
        yield f"there is no parameter {name}"
    elif parameter.unit != unit:
        yield f"{name} is in {parameter.unit}, and must be in {unit}"
    elif parameter.by is not None and not (
        by_class and scheme.member_class and parameter.by == scheme.member_class.name
    ):
        yield f"{name} differs by {parameter.by}, which a line cannot choose"


def _has_parts_of_a_minor_unit(figure: Decimal, currency: str) -> bool:
    minor = figure.scaleb(money.decimals(currency))
    return minor != minor.to_integral_value()
