"""A scheme that contradicts itself is refused, with the line where it does."""

from pathlib import Path

import pytest

from services.contributions import schemes
from services.contributions.datafiles import DataFileInvalid
from services.contributions.schemes import parse_scheme

TEXT = (Path(schemes.__file__).parent / "data" / "do-sdss.yaml").read_text(encoding="utf-8")

FAULTS = [
    ('value: "3.04"', 'value: "304"', "a rate of 304 percent is more than the whole"),
    ('value: "3.04"', "value: 3.04", "write the figure as text in quotes"),
    ('value: "3.04"', 'value: "-3.04"', "must be a figure of zero or more"),
    ('value: "23223.00"', 'value: "23223.001"', "has more decimals than DOP allows"),
    (
        "valid_from: 2024-02-01, known_from: 2024",
        "valid_from: 2023-03-01, known_from: 2024",
        "must begin later",
    ),
    ('value: "19352.50", source: tss-smn', 'value: "19352.50", source: hearsay', "hearsay is not among"),
    ('value: {I: "1.10", ', "value: {", "must be one figure for each of I, II, III, IV"),
    ("by: risk_class", "by: star_sign", "neither the member's class nor a table"),
    ("rate: sfs_worker", "rate: sfs_walker", "there is no parameter sfs_walker"),
    ("rate: sfs_worker", "rate: smn", "smn is in money, and must be in percent"),
    ("{parameter: smn, times: sfs_cap}", "{parameter: smn, times: smn}", "must be in number"),
    ("rate: sfs_worker", "rate: sfs_worker\n    amount: smn", "give either rate or amount"),
    ("payer: worker\n    rate: sfs", "payer: nobody\n    rate: sfs", "nobody is not among the payers"),
    ("when: infotep", "when: weather", "weather is not among the switches"),
    ("code: sfs_employer", "code: sfs_worker", "2 lines are called sfs_worker"),
    ("row: micro", "row: tiny", "tiny is not one of large"),
    ("currency: DOP", "currency: DOL", "not an ISO 4217 currency"),
    ("rounding: half_up", "rounding: sideways", "Input should be"),
    ("amount: additional_dependant\n", "amount: employer_minimum_wage\n", "which a line cannot choose"),
]


@pytest.mark.parametrize(("good", "bad", "reason"), FAULTS, ids=[bad for _, bad, _ in FAULTS])
def test_a_contradiction_is_refused_with_its_line(good: str, bad: str, reason: str) -> None:
    assert good in TEXT
    line = TEXT[: TEXT.index(good)].count("\n") + 1
    with pytest.raises(DataFileInvalid, match=reason) as caught:
        parse_scheme(TEXT.replace(good, bad, 1))
    fault = next(fault for fault in caught.value.faults if reason in fault.reason)
    # A fault is on the line itself, or on the first of the parameter or line that holds it.
    assert fault.line <= line + 1
    if fault.path.count(".") >= 3:
        assert fault.line == line


def test_a_scheme_without_wages_has_no_rate_of_them() -> None:
    with pytest.raises(DataFileInvalid) as caught:
        parse_scheme(TEXT.replace("uses_wage: true", "uses_wage: false"))
    reasons = [fault.reason for fault in caught.value.faults]
    assert "sfs_worker: is a rate of the wage, which this scheme does not use" in reasons
    assert "a scheme that uses no wage has no least wage" in reasons
