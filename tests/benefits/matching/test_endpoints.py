"""The quarantine: what waits there, and a clerk's match by hand."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits import jobs
from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.races import at_once
from tests.benefits.stories import CLERK, OFFICER, get, item, post


def quarantined(api: TestClient) -> list[dict[str, Any]]:
    found = get(api, "/v1/quarantine", by=CLERK)
    assert found.status_code == 200, found.text
    listed: list[dict[str, Any]] = found.json()["items"]
    return listed


def match(api: TestClient, item_id: str, member_id: Any, by: Any = CLERK) -> Any:
    return post(api, f"/v1/items/{item_id}/matches", {"member_id": str(member_id)}, by=by)


def test_the_clerk_sees_who_is_meant(api: TestClient, session: Session) -> None:
    stories.disbursement(api, item(name="Ana Prueba"))
    [waiting] = quarantined(api)
    assert (waiting["document_number"], waiting["name"]) == ("99912312312", "Ana Prueba")
    assert (waiting["reason"], waiting["waiting_days"]) == ("no-member", None)
    assert len(factories.rows(session, "SELECT FROM audit_log WHERE action = 'quarantine.read'")) == 1


def test_a_match_by_hand_makes_a_payout(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    told = stories.funded(api, session, item(reference="1"))
    [waiting] = quarantined(api)
    matched = match(api, waiting["id"], ana.id)
    assert matched.status_code == 201, matched.text
    assert (matched.json()["member_id"], matched.json()["state"]) == (str(ana.id), "releasable")
    assert stories.status(api, told) == {"1": ("releasable", None)}
    assert quarantined(api) == []
    assert factories.balances(session) == {"bank": 100_00, "owed-to-members": -100_00}


def test_the_same_match_again_changes_nothing(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    stories.funded(api, session, item())
    [waiting] = quarantined(api)
    first, second = match(api, waiting["id"], ana.id), match(api, waiting["id"], ana.id)
    assert first.json() == second.json()
    assert factories.balances(session)["owed-to-members"] == -100_00


def test_a_matched_item_is_not_matched_to_another(api: TestClient, session: Session) -> None:
    stories.disbursement(api, item())
    [waiting] = quarantined(api)
    match(api, waiting["id"], factories.member(session).id)
    other = match(api, waiting["id"], factories.member(session).id)
    assert (other.status_code, other.json()["type"]) == (409, "not-in-quarantine")


def test_nobody_is_paid_for_the_case_of_another(api: TestClient, session: Session) -> None:
    ana, eva = factories.member(session), factories.member(session)
    stories.disbursement(api, item(ana, case_number="EXP-1"))
    stories.disbursement(api, item(case_number="EXP-1"))
    [waiting] = quarantined(api)
    refused = match(api, waiting["id"], eva.id)
    assert (refused.status_code, refused.json()["because"]) == (409, "case-of-another")
    assert match(api, waiting["id"], ana.id).status_code == 201


def test_unknown_items_and_members_are_not_found(api: TestClient) -> None:
    stories.disbursement(api, item())
    [waiting] = quarantined(api)
    assert match(api, str(uuid4()), uuid4()).status_code == 404
    assert match(api, waiting["id"], uuid4()).json()["type"] == "unknown-member"


def test_only_a_clerk_of_the_whole_mutual_matches(api: TestClient, session: Session) -> None:
    head = tokens.staff("items:match", roots=[factories.organisation(session)])
    for stranger in (OFFICER, head, stories.AGENCY):
        assert match(api, str(uuid4()), uuid4(), by=stranger).status_code == 403


def test_one_case_number_is_opened_for_one_member(api: TestClient, session: Session) -> None:
    ana, eva = factories.member(session), factories.member(session)
    told = stories.disbursement(
        api,
        item(ana, reference="ana", case_number="EXP-1"),
        item(eva, reference="eva", case_number="EXP-1"),
    )
    assert stories.status(api, told) == {
        "ana": ("matched", None),
        "eva": ("quarantined", "case-of-another"),
    }


def test_the_same_days_twice_wait_in_quarantine(api: TestClient, session: Session) -> None:
    ana = factories.member(session)
    days = {"case_number": "EXP-1", "from_on": "2026-07-01", "until_on": "2026-07-31"}
    stories.disbursement(api, item(ana, **days))
    again = stories.disbursement(api, item(ana, reference="again", **days))
    assert stories.status(api, again) == {"again": ("quarantined", "relayed-before")}


def test_two_clerks_at_once_make_one_payout(racing: TestClient, committed: Session) -> None:
    members = [factories.member(committed) for _ in range(2)]
    told = stories.disbursement(racing, item())
    [waiting] = get(racing, f"{told.path}/items", by=CLERK).json()["items"]
    answers = at_once(*(lambda owner=owner: match(racing, waiting["id"], owner.id) for owner in members))
    assert sorted(answer.status_code for answer in answers) == [201, 409]
    assert len(stories.payouts(racing, told)) == 1


def test_two_lists_at_once_open_each_case_for_one_member(racing: TestClient, committed: Session) -> None:
    numbers = [f"EXP-{uuid4()}" for _ in range(60)]
    total = stories.dop(f"{len(numbers)}00.00")
    paths = []
    for _ in range(2):
        announced = stories.announce(racing, declared_count=len(numbers), declared_total=total)
        paths.append(f"/agency/v1/disbursements/{announced.json()['id']}")
        owner = factories.member(committed)
        listed = [item(owner, case_number=number, reference=number) for number in numbers]
        post(racing, f"{paths[-1]}/items", {"items": listed}, by=stories.AGENCY)
    done = at_once(*(partial(post, racing, f"{path}/completions", by=stories.AGENCY) for path in paths))
    assert [answer.status_code for answer in done] == [201, 201]
    counts = [get(racing, path, by=stories.AGENCY).json()["counts"] for path in paths]
    assert sorted(counts, key=str) == [{"matched": len(numbers)}, {"quarantined": len(numbers)}]


def test_a_member_announced_later_is_matched_by_the_job(racing: TestClient, committed: Session) -> None:
    number = f"999{uuid4().int % 10**8:08d}"
    told = stories.disbursement(
        racing, item(document={"type": "C", "number": number}, reference="late"), item(reference="nobody")
    )
    factories.member(committed, document_number=number)
    jobs.rematch_quarantine(timestamp=0)
    assert stories.status(racing, told) == {
        "late": ("matched", None),
        "nobody": ("quarantined", "no-member"),
    }


@pytest.mark.parametrize("shown", ["Pedro Ejemplo", "Ana Sintética"])
def test_only_doubts_about_who_it_is_are_resolved_by_the_job(
    racing: TestClient, committed: Session, shown: str
) -> None:
    ana = factories.member(committed)
    told = stories.disbursement(racing, item(ana, name=shown, reference="1"))
    before = stories.status(racing, told)
    jobs.rematch_quarantine(timestamp=0)
    assert stories.status(racing, told) == before
