"""Data files: read strictly, and every fault is named with its line."""

from decimal import Decimal

import pytest

from services.contributions.datafiles import DataFileInvalid, Day, Figure, Strict, read_text


class Rate(Strict):
    value: Figure
    valid_from: Day


class Book(Strict):
    name: str
    rates: tuple[Rate, ...]


GOOD = """\
name: example
rates:
  - {value: "3.04", valid_from: 2026-02-01}
  - value: "7"
    valid_from: 2026-03-01
"""


def test_figures_are_exact() -> None:
    assert read_text(GOOD, Book, name="x").rates[0].value == Decimal("3.04")


FAULTY = [
    ('"7"', "7.09", 4, "in quotes"),
    ('"7"', '"seven"', 4, "not a figure"),
    ('"7"', '"-7"', 4, "zero or more"),
    ('"7"', '"NaN"', 4, "zero or more"),
    ('"7"', '"7"\n    extra: 1', 5, "Extra inputs"),
    ("name: example", "nome: example", 1, "Extra inputs"),
    ("2026-03-01", "march", 5, "Invalid isoformat"),
    ("2026-03-01", "2026", 5, "write a day"),
    ("name: example", "name: a\nname: b", 2, "written twice"),
    ("rates:", "rates: [", 3, "expected the node content"),
]


@pytest.mark.parametrize(("good", "bad", "line", "reason"), FAULTY)
def test_a_fault_is_named_with_its_line(good: str, bad: str, line: int, reason: str) -> None:
    with pytest.raises(DataFileInvalid) as caught:
        read_text(GOOD.replace(good, bad, 1), Book, name="book.yaml")
    assert any(fault.line == line and reason in fault.reason for fault in caught.value.faults), str(
        caught.value
    )


def test_all_faults_are_named_at_once() -> None:
    text = GOOD.replace('"3.04"', "3.04").replace('"7"', "7")
    with pytest.raises(DataFileInvalid) as caught:
        read_text(text, Book, name="book.yaml")
    assert [fault.line for fault in caught.value.faults] == [3, 4]
