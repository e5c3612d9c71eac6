"""Whether a bank line names a notice, without a database."""

import pytest

from services.contributions.remittances.rules import line_names, obligations_paid


@pytest.mark.parametrize(
    ("written", "reference", "names"),
    [
        ("TSS PAGO NP-202607-0001", "NP-202607-0001", True),
        ("pago np 202607 0001 tss", "NP-202607-0001", True),
        ("PAGO NP2026070001", "NP-202607-0001", True),
        ("PAGO NP-202607-00011", "NP-202607-0001", False),
        ("PAGO XNP2026070001", "NP-202607-0001", False),
        ("PAGO NP-202607", "NP-202607-0001", False),
        ("0001 202607 NP", "NP-202607-0001", False),
        ("cualquier cosa", "---", False),
        ("", "NP-1", False),
    ],
)
def test_a_line_names_a_reference_as_whole_words(written: str, reference: str, names: bool) -> None:
    assert line_names(written, reference) is names


def test_what_is_paid_of_each_obligation_comes_to_the_amount() -> None:
    paid = obligations_paid(1_000, dependants_minor=300, late_charge_minor=50)
    assert paid == {"contributions": 650, "dependants": 300, "late_charges": 50}
