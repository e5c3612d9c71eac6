"""What is on its way from one part to another is pending; what should have arrived offends."""

from typing import LiteralString

import pytest

from tests.deploy.verify.conftest import Hand

TOLD = "each payment was told to its member"
NOT_YET_SEEN: LiteralString = (
    "UPDATE inbox_seen SET numbers = numbers - (SELECT int8multirange(int8range(max, max + 1))"
    " FROM (SELECT upper(numbers) - 1 AS max FROM inbox_seen WHERE producer = 'contributions') newest)"
    " WHERE producer = 'contributions'"
)
FORGET: LiteralString = "DELETE FROM messages WHERE template LIKE 'receipt%' RETURNING subject_id"


def test_what_is_younger_than_an_event_on_its_way_is_pending(hand: Hand) -> None:
    hand.breaks("gateway", NOT_YET_SEEN, FORGET)
    hand.breaks("contributions", "UPDATE outbox SET occurred_at = now() - interval '2 hours'")
    found = hand.finds(TOLD)
    assert (found.offending, found.pending) == ([], found.checked)


def test_what_is_older_than_all_events_on_their_way_offends(hand: Hand) -> None:
    forgotten = hand.breaks("gateway", NOT_YET_SEEN, FORGET)
    hand.breaks("contributions", "UPDATE outbox SET occurred_at = now() + interval '1 second'")
    found = hand.finds(TOLD)
    assert (len(found.offending), found.pending) == (len(forgotten), 0)


def test_a_dead_letter_keeps_what_it_would_have_done_pending_and_is_named_itself(hand: Hand) -> None:
    hand.breaks("gateway", FORGET)
    hand.breaks(
        "gateway",
        """
        INSERT INTO dead_letters (id, producer, number, name, envelope, state, tries, error, error_detail)
        SELECT gen_random_uuid(), 'contributions', n, 'contributions.x.v1', '', 'dead', 10, 'x', ''
        FROM generate_series(1, 3) AS n
        """,
    )
    assert hand.finds(TOLD).offending == []
    assert len(hand.finds("gateway has no dead letters").offending) == 3


@pytest.mark.parametrize(("age", "offends"), [("10 seconds", False), ("40 seconds", True)])
def test_an_event_that_nobody_has_seen_offends_after_half_a_minute(
    hand: Hand, age: str, offends: bool
) -> None:
    hand.breaks("gateway", NOT_YET_SEEN)
    hand.connections["contributions"].execute("UPDATE outbox SET occurred_at = now() - %s::interval", [age])
    found = hand.finds("gateway has seen what contributions published")
    assert (len(found.offending), found.pending) == ((1, 0) if offends else (0, 1))


def test_cover_that_is_still_being_granted_is_pending(hand: Hand) -> None:
    hand.breaks(
        "contributions",
        "UPDATE coverage_runs SET state = 'running'",
        "DELETE FROM coverages RETURNING member_id",
    )
    found = hand.finds("whoever was billed on a confirmed notice is covered for that month")
    assert (found.offending, found.pending) == ([], 3)


def test_a_charge_that_is_still_to_lapse_is_pending(hand: Hand) -> None:
    hand.breaks("contributions", "UPDATE dues SET state = 'open' WHERE state = 'lapsed'")
    found = hand.finds("whoever was left out of a filed payroll owes nothing for that month")
    assert (found.offending, found.pending) == ([], 1)


def test_a_member_who_changed_after_the_filing_was_verified_when_it_counted(hand: Hand) -> None:
    hand.breaks("registry", "UPDATE members SET identity_verified = false, version = version + 1")
    title = "whoever is named on a payroll has given a mandate and was verified by a second person"
    assert hand.finds(title).holds


def test_many_offending_rows_are_shown_as_some_and_a_count(hand: Hand) -> None:
    hand.breaks(
        "contributions",
        "INSERT INTO member_accounts (member_id, currency, credit_minor)"
        " SELECT gen_random_uuid(), 'DOP', 1 FROM generate_series(1, 25)",
    )
    found = hand.finds("each member's credit is the sum of its ledger rows")
    assert len(found.offending) == 25
    assert (len(found.shown), found.shown[-1]) == (21, "… and 5 more")
