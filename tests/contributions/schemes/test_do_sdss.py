"""The Dominican scheme against published figures, each row of them, and the days they change."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contributions.schemes import (
    ParameterNotInForce,
    Terms,
    shipped_schemes,
    terms_of_period,
    terms_on,
)
from services.kit.money import Money
from services.kit.periods import Period

DO = shipped_schemes()["do-sdss"]
TODAY = date(2026, 7, 20)
INFOTEP = frozenset({"infotep"})


def minor(amount: str) -> int:
    return Money.parse(amount.replace(",", ""), "DOP").minor


def terms(on: str = "2026-07-01", known_on: str | None = None, **given: object) -> Terms:
    known = date.fromisoformat(known_on) if known_on else TODAY
    return terms_on(DO, date.fromisoformat(on), known_on=known, **given)  # type: ignore[arg-type]


def by_code(made: Terms, wage: str, dependants: int = 0, risk_class: str = "I") -> dict[str, int]:
    amounts = made.compute(minor(wage), dependants, risk_class)
    return {line.code: amount for line, amount in zip(made.lines, amounts, strict=True)}


ORACLE = [
    # declared, SFS worker, SFS employer, SVDS worker, SVDS employer, SRL, total, INFOTEP
    ("16,993.20", "516.59", "1,204.82", "487.70", "1,206.52", "186.93", "3,602.56", "169.93"),
    ("18,421.20", "560.00", "1,306.06", "528.69", "1,307.91", "202.63", "3,905.29", "184.21"),
    ("23,223.00", "705.98", "1,646.51", "666.50", "1,648.83", "255.45", "4,923.27", "232.23"),
    ("40,000.00", "1,216.00", "2,836.00", "1,148.00", "2,840.00", "440.00", "8,480.00", "400.00"),
    ("232,230.00", "7,059.79", "16,465.11", "6,665.00", "16,488.33", "1,021.81", "47,700.04", "2,322.30"),
    ("232,230.01", "7,059.79", "16,465.11", "6,665.00", "16,488.33", "1,021.81", "47,700.04", "2,322.30"),
]


@pytest.mark.parametrize("row", ORACLE, ids=lambda row: row[0])
def test_the_lines_are_those_of_the_oracle(row: tuple[str, ...]) -> None:
    wage, sfs_w, sfs_e, svds_w, svds_e, srl, total, infotep = row
    lines = by_code(terms(), wage)
    assert lines == {
        "sfs_worker": minor(sfs_w),
        "sfs_employer": minor(sfs_e),
        "svds_worker": minor(svds_w),
        "svds_employer": minor(svds_e),
        "srl": minor(srl),
        "additional_dependants": 0,
    }
    assert sum(lines.values()) == minor(total)
    switched = by_code(terms(switches=INFOTEP), wage)
    assert switched.pop("infotep") == minor(infotep)
    assert switched == lines


def test_additional_dependants_are_paid_per_head() -> None:
    made = terms()
    amounts = made.compute(minor("18421.20"), 2, "I")
    assert made.due_minor(amounts) == minor("7744.85")
    assert made.due_minor(amounts, "dependants") == 2 * minor("1919.78")
    assert made.due_minor(amounts, "contribution") == minor("3905.29")


@pytest.mark.parametrize(
    ("risk_class", "srl"), [("I", "255.45"), ("II", "267.06"), ("III", "278.68"), ("IV", "301.90")]
)
def test_work_risk_is_rated_by_class(risk_class: str, srl: str) -> None:
    assert by_code(terms(), "23223.00", risk_class=risk_class)["srl"] == minor(srl)


def test_an_unknown_risk_class_is_not_guessed() -> None:
    with pytest.raises(KeyError):
        terms().compute(minor("23223.00"), 0, "V")


SMN_AND_MINIMA = [
    ("2021-08-01", "15600.00", "20000", "18500", "12400", "11500"),
    ("2022-01-01", "16262.50", "21000", "19250", "12900", "11900"),
    ("2023-04-01", "18702.00", "24150", "22137.50", "14835", "13685"),
    ("2024-02-01", "19352.50", "24990", "22908", "15351", "14161"),
    ("2025-04-01", "21674.80", "27988.80", "25656.96", "17193.12", "15860.32"),
    ("2026-02-01", "23223.00", "29988.00", "27489.60", "18421.20", "16993.20"),
]


@pytest.mark.parametrize("row", SMN_AND_MINIMA, ids=lambda row: row[0])
def test_caps_follow_the_minimum_wage_from_its_day_on(row: tuple[str, ...]) -> None:
    day, smn = date.fromisoformat(row[0]), minor(row[1])
    caps = {line.code: line.cap_minor for line in terms(row[0]).lines if line.cap_minor}
    assert caps == {
        "sfs_worker": 10 * smn,
        "sfs_employer": 10 * smn,
        "svds_worker": 20 * smn,
        "svds_employer": 20 * smn,
        "srl": 4 * smn,
    }
    day_before = date.fromordinal(day.toordinal() - 1)
    if row is SMN_AND_MINIMA[0]:
        with pytest.raises(ParameterNotInForce):
            terms(str(day_before))
    else:
        assert {line.cap_minor for line in terms(str(day_before)).lines}.isdisjoint(caps.values())


@pytest.mark.parametrize("row", SMN_AND_MINIMA, ids=lambda row: row[0])
def test_employers_minimum_wages_are_held_by_size(row: tuple[str, ...]) -> None:
    values = {v.valid_from.isoformat(): v.value for v in DO.parameters["employer_minimum_wage"].values}
    assert values[row[0]] == dict(
        zip(("large", "medium", "small", "micro"), map(Decimal, row[2:]), strict=True)
    )


FEES = [
    ("2021-10-01", "1327.81"),
    ("2022-08-01", "1490.14"),
    ("2023-02-01", "1555.14"),
    ("2023-11-01", "1715.46"),
    ("2025-11-01", "1919.78"),
]


@pytest.mark.parametrize(("day", "fee"), FEES)
def test_the_fee_of_an_additional_dependant_changes_on_its_day(day: str, fee: str) -> None:
    wage = "30000.00"
    assert by_code(terms(day), wage, 1)["additional_dependants"] == minor(fee)
    day_before = str(date.fromordinal(date.fromisoformat(day).toordinal() - 1))
    if day == FEES[0][0]:
        with pytest.raises(ParameterNotInForce, match="additional_dependant"):
            terms(day_before).compute(minor(wage), 1, "I")
        terms(day_before).compute(minor(wage), 0, "I")
    else:
        assert by_code(terms(day_before), wage, 1)["additional_dependants"] < minor(fee)


def test_a_fee_announced_late_was_not_charged_before_it_was_known() -> None:
    then = by_code(terms("2022-08-01", known_on="2022-08-15"), "30000.00", 1)
    later = by_code(terms("2022-08-01", known_on="2022-12-31"), "30000.00", 1)
    assert then["additional_dependants"] == minor("1327.81")
    assert later["additional_dependants"] == minor("1490.14")


def test_a_period_takes_the_figures_of_its_first_day() -> None:
    january, february = (
        terms_of_period(DO, Period(2026, month), known_on=TODAY).lines[0].cap_minor for month in (1, 2)
    )
    assert (january, february) == (minor("216748.00"), minor("232230.00"))


def test_a_wage_below_the_floor_is_charged_as_the_floor() -> None:
    made = terms()
    assert made.floor is not None
    assert made.floor.minor == minor("16993.20")
    assert made.compute(minor("10000.00"), 0, "I") == made.compute(minor("16993.20"), 0, "I")
    assert made.bases(minor("10000.00"), "I")[0] == minor("16993.20")


def test_the_authorisations_minimum_takes_the_place_of_the_floor() -> None:
    lower = terms(permitted_minimum_minor=minor("10000.00"))
    higher = terms(permitted_minimum_minor=minor("29988.00"))
    assert by_code(lower, "12000.00")["sfs_worker"] == minor("364.80")
    assert by_code(higher, "12000.00") == by_code(terms(), "29988.00")


def test_no_fee_of_the_mutual_is_shipped() -> None:
    assert DO.parameters["mutual_fee"].values == ()
    assert "mutual_fee" not in {line.code for line in terms().lines}


def test_a_switch_that_the_scheme_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="no switch solidarity"):
        terms(switches=frozenset({"solidarity"}))


def test_every_figure_has_a_source() -> None:
    for parameter in DO.parameters.values():
        for row in parameter.values:
            assert DO.sources[row.source]


RATES = {"sfs_worker": "3.04", "sfs_employer": "7.09", "svds_worker": "2.87", "svds_employer": "7.10"}


@given(st.integers(minor("16993.20"), minor("9999999.99")), st.sampled_from(["I", "II", "III", "IV"]))
def test_each_line_is_rounded_half_up_by_itself(wage_minor: int, risk_class: str) -> None:
    made = terms()
    amounts = made.compute(wage_minor, 0, risk_class)
    rates = RATES | {"srl": {"I": "1.10", "II": "1.15", "III": "1.20", "IV": "1.30"}[risk_class]}
    caps = {"sfs": 10, "svd": 20, "srl": 4}
    for line, amount in zip(made.lines, amounts, strict=True):
        if line.code in rates:
            base = min(wage_minor, caps[line.code[:3]] * minor("23223.00"))
            exact = Decimal(base) * Decimal(rates[line.code]) / 100
            assert amount == exact.quantize(Decimal(1), ROUND_HALF_UP)
    assert made.bases(wage_minor, risk_class)[0] == min(wage_minor, minor("232230.00"))
