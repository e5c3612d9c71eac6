"""Each invariant broken by hand, as the owner of a database: verify names the row."""

import pytest

from deploy.verify import report
from tests.deploy.verify.breaks import BREAKS, Break
from tests.deploy.verify.conftest import Hand

NOT_TRIED = {"the seals over gateway.audit_log are unbroken"}
"""Nobody signed in: that chain is empty here, and the same check as the other five."""


@pytest.mark.parametrize("broken", BREAKS, ids=str)
def test_what_is_broken_by_hand_is_named(hand: Hand, broken: Break) -> None:
    answered = hand.breaks(broken.part, *broken.statements)
    assert answered, "nothing was broken"
    found = hand.finds(broken.title)
    assert found.invariant == broken.invariant
    words = "\n".join(found.offending)
    for (value,) in answered:
        assert str(value) in words, words


def test_of_every_check_a_break_is_tried(places: dict[str, int]) -> None:
    assert len(places) == len(report.CHECKS)
    assert places.keys() - {broken.title for broken in BREAKS} == NOT_TRIED
