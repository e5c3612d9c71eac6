"""Masks: what shows is too little to use."""

import pytest

from services.registry.identities import mask_document, mask_name, mask_phone


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (mask_document("00113918205"), "••••205"),
        (mask_document("ABC12"), "••••"),
        (mask_phone("+18095550134"), "••••134"),
        (mask_phone(""), "••••"),
        (mask_name("María Altagracia"), "M•••• A••••"),
        (mask_name(""), ""),
    ],
)
def test_a_mask_shows_the_end_or_the_initials(shown: str, expected: str) -> None:
    assert shown == expected


def test_a_mask_does_not_tell_the_length() -> None:
    assert len(mask_document("SYN0001")) == len(mask_document("SYN" + "0" * 20))
    assert mask_name("Al") == mask_name("Altagracia")
