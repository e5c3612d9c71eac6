"""What becomes of a message that is due."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.messages.sending.rules import VALID_FOR, Closed, Due, House, Sending, Waiting, decide
from services.kit.ids import new_id

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUSE = House("Amparo", "https://amparo.example.org/r", honours_keys=True)
FORGETFUL = House("Amparo", "https://amparo.example.org/r", honours_keys=False)


def due(**given: Any) -> Due:
    known: dict[str, Any] = {
        "id": new_id(),
        "template": "welcome",
        "facts": {},
        "created_at": NOW,
        "attempt": 0,
        "is_calling": False,
        "answer_lost": False,
        "code_sealed": None,
        "text": None,
        "phone": None,
        "given_names": "Ana",
        "member_number": "100001",
        "contact_phone": "+18095550100",
        "contact_language": "en",
        "opted_out": False,
    }
    return Due(**{**known, **given})


LATE = {"created_at": NOW - VALID_FOR - timedelta(seconds=1)}
TRIED = {"attempt": 1, "text": "as first sent", "phone": "+18095550111"}


def test_a_new_message_is_written_in_the_members_language() -> None:
    decided = decide(due(), HOUSE, now=NOW)
    assert isinstance(decided, Sending)
    assert decided.text.startswith("Amparo: welcome, Ana.")
    assert (decided.phone, decided.language) == ("+18095550100", "en")


def test_a_language_that_we_do_not_speak_becomes_spanish() -> None:
    decided = decide(due(contact_language="ht"), HOUSE, now=NOW)
    assert isinstance(decided, Sending)
    assert decided.language == "es"


def test_a_later_attempt_says_the_same_to_the_same_phone() -> None:
    changed = due(**TRIED, contact_phone="+18095550999", opted_out=True)
    assert decide(changed, HOUSE, now=NOW) == Sending("as first sent", "+18095550111", None)


def test_a_member_whom_nobody_has_announced_yet_is_waited_for_and_then_given_up() -> None:
    unknown: dict[str, Any] = {"given_names": None, "contact_phone": None, "member_number": None}
    assert isinstance(decide(due(**unknown), HOUSE, now=NOW), Waiting)
    assert decide(due(**unknown, **LATE), HOUSE, now=NOW) == Closed("no_contact")


@pytest.mark.parametrize(
    ("given", "failure"),
    [
        ({"contact_phone": None}, "no_phone"),
        ({"contact_phone": ""}, "no_phone"),
        ({"opted_out": True}, "opted_out"),
        ({"template": "of_a_later_version"}, "unreadable"),
        ({"template": "charged"}, "unreadable"),
        (LATE, "expired"),
        ({**LATE, **TRIED}, "expired"),
    ],
)
def test_what_cannot_or_must_not_go_is_closed_with_the_reason(given: dict[str, Any], failure: str) -> None:
    assert decide(due(**given), HOUSE, now=NOW) == Closed(failure)  # type: ignore[arg-type]  # a table of texts


def test_who_asked_for_fewer_messages_still_gets_the_essential_ones() -> None:
    facts = {"period": "2026-07", "reason": "unpaid"}
    decided = decide(due(template="left_out", facts=facts, opted_out=True), HOUSE, now=NOW)
    assert isinstance(decided, Sending)


def test_an_attempt_without_an_end_is_made_again_only_where_keys_are_honoured() -> None:
    abandoned = due(**TRIED, is_calling=True)
    assert isinstance(decide(abandoned, HOUSE, now=NOW), Sending)
    assert decide(abandoned, FORGETFUL, now=NOW) == Closed(None)


def test_after_a_day_nobody_knows_of_a_message_whose_answer_was_lost() -> None:
    assert decide(due(**TRIED, **LATE, answer_lost=True), HOUSE, now=NOW) == Closed(None)
    assert decide(due(**TRIED, **LATE, is_calling=True), HOUSE, now=NOW) == Closed(None)
