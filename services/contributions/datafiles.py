"""Rules and layouts that are data: YAML files, read strictly, with errors that name their line.

Figures in these files are written as text ("3.04"): YAML would read 3.04 as a float, and no figure
of this trade may ever be one. A key written twice is an error, since YAML would silently keep one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, ValidationError


class Strict(BaseModel):
    """A part of such a file: unknown keys are refused, and what was read does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _figure(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise ValueError('write the figure as text in quotes, for example "3.04"')
    try:
        figure = Decimal(value)
    except InvalidOperation:
        raise ValueError(f'{value!r} is not a figure; write for example "3.04"') from None
    if not figure.is_finite() or figure < 0:
        raise ValueError(f"{value!r} must be a figure of zero or more")
    return figure


Figure = Annotated[Decimal, BeforeValidator(_figure), PlainSerializer(lambda figure: format(figure, "f"))]
"""An exact number, written as text."""


def _day(value: Any) -> date:
    if type(value) is date:
        return value
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError("write a day as 2026-02-01")


Day = Annotated[date, BeforeValidator(_day)]
"""A calendar day, written 2026-02-01."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file, at a line counted from 1."""

    line: int
    path: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.path}: {self.reason}"


class DataFileInvalid(ValueError):
    """A data file cannot be used; `faults` say where and why."""

    def __init__(self, name: str, faults: list[Fault]) -> None:
        super().__init__(f"{name}: " + "; ".join(map(str, faults)))
        self.faults = faults


Model = TypeVar("Model", bound=BaseModel)


Loc = tuple[int | str, ...]
"""The way to a place in a file: keys and positions."""
Check = Callable[[Model], Iterable[tuple[Loc, str]]]
"""Finds what is wrong with a whole that has the right shape."""


def read_file(path: Path, model: type[Model], check: Check[Model] | None = None) -> Model:
    """Read one data file. Raises DataFileInvalid, which names every fault with its line."""
    return read_text(path.read_text(encoding="utf-8"), model, check, name=path.name)


def read_text(text: str, model: type[Model], check: Check[Model] | None = None, *, name: str) -> Model:
    """Read a data file's text. Raises DataFileInvalid, which names every fault with its line.

    `check` looks at the whole once each part has its right shape.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFileInvalid(name, [Fault(line, "yaml", error.problem or "unreadable")]) from None
    try:
        read = model.model_validate(content)
        found = list(check(read)) if check else []
    except ValidationError as error:
        found = [(e["loc"], e["msg"].removeprefix("Value error, ")) for e in error.errors()]
    if found:
        raise DataFileInvalid(name, [_fault(node, loc, reason) for loc, reason in found])
    return read


def _fault(node: yaml.Node | None, loc: Loc, reason: str) -> Fault:
    return Fault(_line(node, loc), ".".join(map(str, loc)) or "file", reason)


def _line(node: yaml.Node | None, loc: Loc) -> int:
    """The line of the deepest node on the way to `loc`; keys that are missing end the way."""
    line = 1
    for part in loc:
        if node is None:
            break
        if isinstance(node, yaml.MappingNode):
            pairs = [pair for pair in node.value if str(pair[0].value) == str(part)]
            if not pairs:
                continue  # pydantic's own step, such as the name of a union's branch
            line, node = pairs[0][0].start_mark.line + 1, pairs[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part] if part < len(node.value) else None
            line = node.start_mark.line + 1 if node else line
    return line


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, refusing a key that is written twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} is written twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)
