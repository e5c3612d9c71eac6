"""Other regimes in the same engine, as data alone: several payers, fixed amounts, other currencies."""

import time
from datetime import date
from pathlib import Path

import pytest

from services.contributions.datafiles import DataFileInvalid
from services.contributions.schemes import (
    WageBelowFloor,
    parse_scheme,
    read_policy,
    shipped_schemes,
    terms_of_period,
    terms_on,
    under_policy,
)
from services.kit.periods import Period

DAY = date(2026, 7, 1)

DOMESTIC_WORK = """
# After the Dominican pilot for domestic work of 2022: a fixed month with a share of the State.
code: example-fixed
name: {en: Fixed, es: Fijo}
country: DO
currency: DOP
period: month
rounding: half_up
uses_wage: false
calendar: {country: DO, due: {working_day: 3, months_after: 1}, source: law}
sources: {law: an example}
payers:
  - {code: worker, collected: true, name: {en: Worker, es: Trabajadora}}
  - {code: employer, collected: true, name: {en: Employer, es: Empleador}}
  - {code: state, collected: false, name: {en: State, es: Estado}}
parameters:
  worker: &amount
    name: {en: Share, es: Parte}
    unit: money
    values: [{valid_from: 2022-01-01, known_from: 2022-01-01, value: "571.50", source: law}]
  employer:
    <<: *amount
    values: [{valid_from: 2022-01-01, known_from: 2022-01-01, value: "28.50", source: law}]
  state:
    <<: *amount
    values: [{valid_from: 2022-01-01, known_from: 2022-01-01, value: "259.43", source: law}]
lines:
  - &line
    {code: worker, name: {en: Worker, es: T}, branch: sfs, kind: contribution, payer: worker, rank: 1,
     amount: worker}
  - {<<: *line, code: employer, payer: employer, amount: employer}
  - {<<: *line, code: state, payer: state, amount: state}
"""

HEALTH_MUTUAL = """
# After Senegal's mutual health organisations: a year's premium per beneficiary, half by the State.
code: example-yearly
name: {en: Yearly, es: Anual}
country: SN
currency: XOF
period: year
rounding: half_up
uses_wage: false
calendar: {country: SN, due: {working_day: 10, months_after: 1}, source: law}
sources: {law: an example}
payers:
  - {code: member, collected: true, name: {en: Member, es: Persona}}
  - {code: state, collected: false, name: {en: State, es: Estado}}
parameters:
  premium:
    name: {en: Premium, es: Prima}
    unit: money
    values: [{valid_from: 2026-01-01, known_from: 2026-01-01, value: "3500", source: law}]
lines:
  - &line
    {code: member, name: {en: M, es: P}, branch: health, kind: contribution, payer: member, rank: 1,
     amount: premium, per: beneficiary}
  - {<<: *line, code: state, payer: state}
"""

REFERENCE_INCOMES = """
# After Costa Rica: a reference income by occupation, and a share of the State.
code: example-reference
name: {en: Reference, es: Referencia}
country: CR
currency: CRC
period: month
rounding: half_up
uses_wage: false
member_class: {name: occupation, values: [domestic, coffee]}
calendar: {country: CR, due: {working_day: 3, months_after: 1}, source: law}
sources: {law: an example}
payers:
  - {code: worker, collected: true, name: {en: Worker, es: Trabajador}}
  - {code: state, collected: false, name: {en: State, es: Estado}}
parameters:
  income:
    name: {en: Income, es: Ingreso}
    unit: money
    by: occupation
    values:
      - valid_from: 2026-01-01
        known_from: 2026-01-01
        source: law
        value: {domestic: "200000", coffee: "150001"}
  share: &rate
    name: {en: Share, es: Parte}
    unit: percent
    values: [{valid_from: 2026-01-01, known_from: 2026-01-01, value: "4.5", source: law}]
  state_share:
    <<: *rate
    values: [{valid_from: 2026-01-01, known_from: 2026-01-01, value: "8.12", source: law}]
lines:
  - &line
    {code: worker, name: {en: W, es: T}, branch: health, kind: contribution, payer: worker, rank: 1,
     rate: share, base: income}
  - {<<: *line, code: state, payer: state, rate: state_share}
"""


def test_a_fixed_month_with_a_share_of_the_state() -> None:
    made = terms_on(parse_scheme(DOMESTIC_WORK), DAY, known_on=DAY)
    amounts = made.compute(0)
    assert amounts == (571_50, 28_50, 259_43)
    assert made.due_minor(amounts) == 600_00


def test_a_yearly_premium_per_beneficiary_in_a_currency_without_decimals() -> None:
    made = terms_of_period(parse_scheme(HEALTH_MUTUAL), Period(2026, 1), known_on=DAY)
    amounts = made.compute(0, 0, None, 5)
    assert amounts == (17_500, 17_500)
    assert made.due_minor(amounts) == 17_500


def test_reference_incomes_by_occupation() -> None:
    made = terms_on(parse_scheme(REFERENCE_INCOMES), DAY, known_on=DAY)
    assert made.compute(0, 0, "domestic") == (9_000_00, 16_240_00)
    assert made.compute(0, 0, "coffee") == (6_750_05, 12_180_08)  # 6,750.045 rounds up
    assert made.bases(0, "coffee") == (6_750_05, 12_180_08)


def test_a_scheme_can_refuse_a_wage_below_its_floor() -> None:
    scheme = shipped_schemes()["do-sdss"]
    assert scheme.floor is not None
    strict = scheme.model_copy(update={"floor": scheme.floor.model_copy(update={"when_below": "refuse"})})
    made = terms_on(strict, DAY, known_on=DAY)
    with pytest.raises(WageBelowFloor, match=r"16993\.19 DOP is less than 16993\.20 DOP"):
        made.compute(16_993_19, 0, "I")
    made.compute(16_993_20, 0, "I")


def test_a_policy_sets_the_mutuals_fee_from_a_day_on(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        """
scheme: do-sdss
sources: {assembly: Assembly of the mutual (synthetic)}
parameters:
  mutual_fee:
    - {valid_from: 2026-03-01, known_from: 2026-02-10, value: "125.00", source: assembly}
    - {valid_from: 2026-07-01, known_from: 2026-06-10, value: "150.00", source: assembly}
"""
    )
    scheme = under_policy(shipped_schemes()["do-sdss"], read_policy(policy))
    fees = {}
    for month in (2, 3, 7):
        made = terms_of_period(scheme, Period(2026, month), known_on=DAY)
        fees[month] = made.due_minor(made.compute(2_322_300, 0, "I"), "fee")
    assert fees == {2: 0, 3: 125_00, 7: 150_00}
    assert "mutual_fee" not in {
        line.code for line in terms_of_period(scheme, Period(2026, 2), known_on=DAY).lines
    }


@pytest.mark.parametrize(
    ("code", "reason"),
    [("sfs_worker", "does not leave sfs_worker to the mutual"), ("unknown", "does not leave unknown")],
)
def test_a_policy_cannot_change_the_law(tmp_path: Path, code: str, reason: str) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        f"scheme: do-sdss\nsources: {{a: b}}\nparameters:\n  {code}:\n"
        '    - {valid_from: 2026-03-01, known_from: 2026-02-10, value: "1.00", source: a}\n'
    )
    with pytest.raises(DataFileInvalid, match=reason) as caught:
        read_policy(policy)
    assert caught.value.faults[0].line == 4


def test_three_hundred_thousand_members_take_less_than_a_second_of_one_core() -> None:
    made = terms_on(shipped_schemes()["do-sdss"], DAY, known_on=DAY, switches=frozenset({"infotep"}))
    best = 9.0
    for start in (1_700_000, 5_000_000, 9_000_000):  # every wage differs: nothing is remembered
        began = time.process_time()
        for wage_minor in range(start, start + 30_000):
            made.compute(wage_minor, 1, "II")
        best = min(best, time.process_time() - began)
    assert 30_000 / best > 100_000  # 300,000 and more on an idle machine; a third of it on a busy one
