"""How references compare."""

import pytest

from services.benefits.disbursements import reference_key


@pytest.mark.parametrize("written", ["TRF-889911", "trf 889911", "TRF/889911 "])
def test_a_bank_reference_is_known_whatever_the_bank_makes_of_it(written: str) -> None:
    assert reference_key(written) == "TRF889911"


def test_another_reference_is_another() -> None:
    assert reference_key("TRF-889911") != reference_key("TRF-889912")
