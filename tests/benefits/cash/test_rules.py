"""What a code is."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from services.benefits.cash import rules
from services.benefits.cash.models import CashCode
from services.benefits.cash.problems import CodeExpired, CodeLocked, WrongCode

pytestmark = pytest.mark.usefixtures("surroundings")


def a_code(shown: str = "00012345", tries: int = 0) -> CashCode:
    payout_id = uuid4()
    return CashCode(
        payout_id=payout_id,
        code_hash=rules.code_hash(payout_id, shown),
        tries=tries,
        issued_at=datetime(2026, 7, 20, tzinfo=UTC),
        expires_on=date(2026, 8, 19),
    )


def test_codes_are_eight_digits_and_differ() -> None:
    codes = {rules.new_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(len(code) == 8 and code.isdigit() for code in codes)


def test_the_right_code_opens_and_counts_nothing() -> None:
    code = a_code()
    assert rules.refusal_of(code, "00012345") is None
    assert code.tries == 0


def test_a_wrong_code_is_counted() -> None:
    code = a_code(tries=3)
    refusal = rules.refusal_of(code, "00012346")
    assert isinstance(refusal, WrongCode)
    assert (code.tries, refusal.members) == (4, {"tries_left": 1})


def test_a_code_opens_no_other_payout() -> None:
    one, other = a_code(), a_code()
    assert bytes(one.code_hash) != bytes(other.code_hash)


def test_five_wrong_tries_lock_it() -> None:
    rules.ensure_usable(a_code(tries=4), as_of=date(2026, 7, 20))
    with pytest.raises(CodeLocked):
        rules.ensure_usable(a_code(tries=5), as_of=date(2026, 7, 20))


def test_a_code_ends_after_its_last_day() -> None:
    rules.ensure_usable(a_code(), as_of=date(2026, 8, 19))
    with pytest.raises(CodeExpired):
        rules.ensure_usable(a_code(), as_of=date(2026, 8, 20))
