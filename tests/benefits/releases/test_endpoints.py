"""Releasing: two people, only what is matched and funded, and exactly what was looked at."""

from functools import partial
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits.settings import settings
from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.races import at_once
from tests.benefits.stories import CLERK, OFFICER, decide, get, item, post, releaser


def ask(api: TestClient, told: stories.Told, by: Any = OFFICER) -> Any:
    return post(api, f"{told.path}/releases", by=by)


def test_a_release_takes_a_second_person_and_moves_the_money(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)), item())
    asked = ask(api, told)
    assert asked.status_code == 201, asked.text
    assert asked.json()["facts"]["total"] == stories.dop("100.00")
    assert stories.payouts(api, told)[0]["state"] == "releasable"
    assert decide(api, asked.json()["id"]).status_code == 200
    [payout] = stories.payouts(api, told)
    assert (payout["state"], payout["channel"], payout["attempt"]) == ("released", "cash", 1)
    assert factories.balances(session) == {
        "bank": 200_00,
        "unmatched": -100_00,
        "in-transit": -100_00,
    }


def test_nothing_is_released_before_its_money_is_here(api: TestClient, session: Session) -> None:
    told = stories.disbursement(api, item(factories.member(session)))
    refused = ask(api, told)
    assert (refused.status_code, refused.json()["type"]) == (409, "not-funded")


def test_nothing_is_released_unmatched(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item())
    refused = ask(api, told)
    assert (refused.status_code, refused.json()["type"]) == (409, "nothing-to-release")


def test_asking_again_answers_the_same_request(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    assert ask(api, told).json()["id"] == ask(api, told).json()["id"]


def test_who_asked_cannot_approve(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    both = tokens.staff("payouts:prepare", "payouts:release", *stories.READING, totp=True)
    asked = ask(api, told, by=both)
    refused = decide(api, asked.json()["id"], by=both)
    assert (refused.status_code, refused.json()["type"]) == (403, "same-person-twice")
    assert stories.payouts(api, told)[0]["state"] == "releasable"


def test_who_matched_by_hand_cannot_approve(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    told = stories.funded(api, session, item())
    both = tokens.staff("items:match", "payouts:release", *stories.READING, totp=True)
    [waiting] = get(api, "/v1/quarantine", by=both).json()["items"]
    post(api, f"/v1/items/{waiting['id']}/matches", {"member_id": str(ana.id)}, by=both)
    asked = ask(api, told)
    assert asked.json()["facts"]["matched_by_hand"] == 1
    assert decide(api, asked.json()["id"], by=both).json()["type"] == "same-person-twice"
    assert decide(api, asked.json()["id"]).status_code == 200


@pytest.mark.parametrize(
    "decider",
    [
        tokens.staff("payouts:release", *stories.READING),
        tokens.client("payouts:release", *stories.READING),
        tokens.staff(*stories.READING, totp=True),
    ],
    ids=["without a fresh code", "a system", "without the right"],
)
def test_only_a_person_with_the_right_and_a_fresh_code_approves(
    api: TestClient, session: Session, decider: Any
) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    assert decide(api, ask(api, told).json()["id"], by=decider).status_code == 403


def test_a_system_cannot_ask(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    assert ask(api, told, by=tokens.client("payouts:prepare")).status_code == 403


def test_one_more_match_in_between_voids_the_approval(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)), item())
    asked = ask(api, told)
    [waiting] = get(api, "/v1/quarantine", by=CLERK).json()["items"]
    body = {"member_id": str(factories.member(session).id)}
    post(api, f"/v1/items/{waiting['id']}/matches", body, by=CLERK)
    stale = decide(api, asked.json()["id"])
    assert (stale.status_code, stale.json()["type"]) == (409, "content-changed")
    assert decide(api, ask(api, told).json()["id"]).status_code == 200
    assert {payout["state"] for payout in stories.payouts(api, told)} == {"released"}


def test_a_refusal_releases_nothing(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    assert decide(api, ask(api, told).json()["id"], decision="refuse").status_code == 200
    assert stories.payouts(api, told)[0]["state"] == "releasable"


def test_what_is_matched_later_is_released_by_itself(api: TestClient, session: Session) -> None:
    told = stories.released(api, session, item(factories.member(session)), item())
    [waiting] = get(api, "/v1/quarantine", by=CLERK).json()["items"]
    body = {"member_id": str(factories.member(session).id)}
    post(api, f"/v1/items/{waiting['id']}/matches", body, by=CLERK)
    stories.release(api, told)
    assert {payout["attempt"] for payout in stories.payouts(api, told)} == {1}


def test_two_approvers_at_once_release_once(racing: TestClient, committed: Session) -> None:
    told = stories.funded(racing, committed, item(factories.member(committed)))
    approval_id = ask(racing, told).json()["id"]
    answers = at_once(*[lambda: decide(racing, approval_id, by=releaser())] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    moved = factories.rows(
        committed,
        "SELECT entry.amount_minor FROM ledger_entries entry JOIN payouts ON payouts.id = entry.source_id"
        " WHERE payouts.disbursement_id = :id AND entry.kind = 'payout_released'",
        id=told.id,
    )
    assert [row.amount_minor for row in moved] == [100_00]


def test_asking_and_approving_at_once_do_not_block_each_other(racing: TestClient, committed: Session) -> None:
    for _ in range(3):
        told = stories.funded(racing, committed, item(factories.member(committed)))
        approval_id = ask(racing, told).json()["id"]
        answers = at_once(
            partial(ask, racing, told),
            partial(decide, racing, approval_id),
        )
        assert answers[0].status_code in (201, 409)
        assert answers[1].status_code == 200


def test_a_release_and_a_return_at_once_do_one_of_the_two(racing: TestClient, committed: Session) -> None:
    for _ in range(3):
        told = stories.funded(racing, committed, item(factories.member(committed)))
        [payout] = stories.payouts(racing, told)
        to_return = post(racing, f"/v1/payouts/{payout['id']}/returns", {"reason": "unreachable"}, by=OFFICER)
        ids = [ask(racing, told).json()["id"], to_return.json()["id"]]
        answers = at_once(*(partial(decide, racing, id) for id in ids))
        assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_without_the_mutuals_own_account_no_bank_order_is_drawn(
    api: TestClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = factories.member(session)
    factories.account(session, ana)
    told = stories.funded(api, session, item(ana))
    asked = ask(api, told)
    monkeypatch.delenv("AMPARO_BENEFITS_DEBTOR_ACCOUNT")
    settings.cache_clear()
    refused = decide(api, asked.json()["id"])
    assert (refused.status_code, refused.json()["type"]) == (409, "no-debtor-account")
    assert stories.payouts(api, told)[0]["state"] == "releasable"


def failed(api: TestClient, session: Session) -> tuple[stories.Told, str]:
    """A payout that was taken back from the counter."""
    told = stories.released(api, session, item(factories.member(session)))
    [payout] = stories.payouts(api, told)
    post(api, f"/v1/payouts/{payout['id']}/withdrawals", {"reason": "unclaimed"}, by=OFFICER)
    return told, payout["id"]


def test_a_payout_that_failed_goes_out_once_more(api: TestClient, session: Session) -> None:
    told, payout_id = failed(api, session)
    asked = post(api, f"/v1/payouts/{payout_id}/reissues", {"reason": "new phone"}, by=OFFICER)
    assert decide(api, asked.json()["id"]).status_code == 200
    [payout] = stories.payouts(api, told)
    assert (payout["state"], payout["attempt"], payout["reason"]) == ("released", 2, None)
    assert factories.balances(session) == {"bank": 100_00, "in-transit": -100_00}


def test_only_what_failed_is_reissued(api: TestClient, session: Session) -> None:
    told = stories.funded(api, session, item(factories.member(session)))
    [payout] = stories.payouts(api, told)
    path = f"/v1/payouts/{payout['id']}/reissues"
    refused = post(api, path, {"reason": "new phone"}, by=OFFICER)
    assert (refused.status_code, refused.json()["type"]) == (409, "payout-not-there")
