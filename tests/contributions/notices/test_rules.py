"""The reason of a difference, and what of each branch was collected, without a database."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contributions.notices.rules import (
    Branches,
    Pair,
    branches_of,
    collected_by_branch,
    differences_of,
    document_key,
    net_minor,
)
from services.contributions.schemes import shipped_schemes

BRANCHES = Branches(("sfs", "svds"), {"sfs": ("a", "b"), "svds": ("c",)}, ())
WAGE = 20_000_00


def pair(declared: tuple[int, ...] | None, billed: tuple[int, ...] | None, billed_wage: int = WAGE) -> Pair:
    return Pair(
        line_number=1 if billed else None,
        member_id=UUID(int=1) if declared else None,
        organisation_id=UUID(int=2) if declared else None,
        charge_id=UUID(int=3) if declared else None,
        declared_wage_minor=WAGE if declared else None,
        declared=declared,
        billed_wage_minor=billed_wage if billed else None,
        billed=billed,
        due_minor=sum(declared or ()),
        settled_minor=sum(declared or ()),
    )


@pytest.mark.parametrize(
    ("found", "reasons"),
    [
        (pair((100, 50), (102, 51)), ["rounding", "rounding"]),
        (pair((100, 50), (103, 52)), ["other", "other"]),
        (pair((100, 50), (130, 50), WAGE + 1), ["floor"]),
        (pair((100, 50), (99, 50), WAGE + 1), ["other"]),
        (pair((100, 50), (99, 50), WAGE - 1), ["other"]),
        (pair((100, 50), None), ["missing", "missing"]),
        (pair(None, (100, 0)), ["unknown"]),
        (pair((100, 50), (100, 50)), []),
    ],
)
def test_each_difference_has_its_reason(found: Pair, reasons: list[str]) -> None:
    assert [one.reason for one in differences_of(found, BRANCHES, answers_declaration=True)] == reasons


def test_nothing_was_declared_for_an_audit() -> None:
    found = differences_of(pair((100, 50), (100, 50)), BRANCHES, answers_declaration=False)
    assert [(one.reason, one.amount_minor) for one in found] == [("other", 100), ("other", 50)]


amounts = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000))


@given(st.none() | amounts, st.none() | amounts)
def test_a_persons_differences_come_to_billed_less_declared(
    declared: tuple[int, int] | None, billed: tuple[int, int] | None
) -> None:
    found = differences_of(pair(declared, billed), BRANCHES, answers_declaration=True)
    assert net_minor(found) == sum(billed or ()) - sum(declared or ())


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.integers(0, 60_000))
def test_what_was_collected_is_shared_over_the_branches_in_their_order(
    declared: list[int], settled: int
) -> None:
    due = sum(declared)
    paid = collected_by_branch(declared, settled, due)
    assert sum(paid) == min(settled, due)
    first_unpaid = next((i for i, minor in enumerate(declared) if paid[i] < minor), len(declared))
    assert not any(paid[first_unpaid + 1 :])


def test_the_dominican_branches_come_in_the_order_in_which_members_pay_them() -> None:
    branches = branches_of(shipped_schemes()["do-sdss"], ["sfs", "zeta", "alpha"])
    assert branches.codes == ("sfs", "svds", "srl", "infotep", "alpha", "zeta")
    assert branches.lines["sfs"] == ("sfs_worker", "sfs_employer", "additional_dependants")
    assert branches.dependants == ("additional_dependants",)


@pytest.mark.parametrize(
    ("written", "key"), [("999-0000000-1", "99900000001"), ("ab 12", "AB12"), (" €5 ", "€5")]
)
def test_a_document_is_known_however_it_is_written(written: str, key: str) -> None:
    assert document_key(written) == key
