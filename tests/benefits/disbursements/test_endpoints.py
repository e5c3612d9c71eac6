"""An agency announces: what it declares, what it lists, what it may see, and what refuses the whole."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from services.kit.problems import CONTENT_TYPE
from tests import tokens
from tests.benefits import factories, stories
from tests.benefits.stories import AGENCY, announce, dop, get, item, post

OTHER_AGENCY = tokens.client("agency:disbursements", agency="tss")


def test_announcing_answers_the_disbursement(api: TestClient) -> None:
    answer = announce(api, reference="SUB-1", declared_count=3, declared_total=dop("300.50"))
    assert answer.status_code == 201
    told = answer.json()
    assert (told["agency"], told["reference"], told["state"]) == ("sisalril", "SUB-1", "announced")
    assert (told["declared_count"], told["declared_total"]) == (3, dop("300.50"))
    assert (told["item_count"], told["item_total"]) == (0, dop("0.00"))


def test_the_same_announcement_again_changes_nothing(api: TestClient, session: Session) -> None:
    given: dict[str, Any] = {"reference": "SUB-1", "bank_reference": "TRF-1"}
    first, second = announce(api, **given), announce(api, **given)
    assert (second.status_code, second.json()) == (201, first.json())
    assert len(factories.rows(session, "SELECT FROM disbursements")) == 1


def test_a_reference_stands_for_one_disbursement_for_ever(api: TestClient) -> None:
    announce(api, reference="SUB-1", bank_reference="TRF-1")
    other = announce(api, reference="SUB-1", bank_reference="TRF-1", declared_count=2)
    assert (other.status_code, other.json()["type"]) == (409, "reference-reused")


def test_two_agencies_may_use_one_reference(api: TestClient) -> None:
    mine = announce(api, reference="SUB-1")
    theirs = announce(api, reference="SUB-1", by=OTHER_AGENCY)
    assert mine.json()["id"] != theirs.json()["id"]


WRONG_SHAPES: list[tuple[dict[str, Any], str]] = [
    ({"declared_count": 0}, "declared_count"),
    ({"declared_total": dop("0.00")}, "declared_total"),
    ({"declared_total": {"amount": "1.001", "currency": "DOP"}}, "declared_total"),
    ({"declared_total": "100"}, "declared_total"),
    ({"benefit": "lactation"}, "benefit"),
    ({"reference": ""}, "reference"),
    ({"reference": "á"}, "reference"),
    ({"bank_reference": "x" * 65}, "bank_reference"),
    ({"anything": "else"}, "anything"),
]


@pytest.mark.parametrize(("given", "field"), WRONG_SHAPES)
def test_a_wrong_shape_is_refused_by_its_field(api: TestClient, given: dict[str, Any], field: str) -> None:
    answer = announce(api, **given)
    assert (answer.status_code, answer.headers["content-type"]) == (422, CONTENT_TYPE)
    assert field in answer.json()["errors"][0]["field"]


def list_items(api: TestClient, announced: Any, *items: dict[str, Any], by: Any = AGENCY) -> Any:
    path = f"/agency/v1/disbursements/{announced.json()['id']}/items"
    return post(api, path, {"items": list(items)}, by=by)


def test_items_come_in_batches(api: TestClient) -> None:
    announced = announce(api, declared_count=2, declared_total=dop("200.00"))
    first = list_items(api, announced, item())
    assert first.status_code == 200, first.text
    assert (first.json()["taken"], first.json()["item_total"]) == (1, dop("100.00"))
    second = list_items(api, announced, item())
    assert (second.json()["item_count"], second.json()["item_total"]) == (2, dop("200.00"))


def test_a_repeated_batch_changes_nothing(api: TestClient) -> None:
    announced = announce(api, declared_count=2, declared_total=dop("200.00"))
    one, two = item(), item()
    list_items(api, announced, one)
    again = list_items(api, announced, one, two)
    assert (again.json()["taken"], again.json()["repeated"], again.json()["item_count"]) == (1, 1, 2)


def test_an_item_is_the_same_however_its_document_is_typed(api: TestClient) -> None:
    announced = announce(api)
    one = item()
    list_items(api, announced, one)
    typed = one | {"document": {"type": "C", "number": "999-1231231-2"}}
    assert list_items(api, announced, typed).json()["repeated"] == 1


def test_an_item_sent_with_other_content_refuses_its_batch(api: TestClient) -> None:
    announced = announce(api, declared_count=9, declared_total=dop("900.00"))
    one = item()
    list_items(api, announced, one)
    changed = list_items(api, announced, item(), one | {"amount": dop("99.00")})
    assert (changed.status_code, changed.json()["type"]) == (409, "item-reused")
    assert list_items(api, announced, one).json()["item_count"] == 1


@pytest.mark.parametrize(
    "items",
    [[item(amount=dop("1.00")), item(amount=dop("1.00"))], [item(amount=dop("100.01"))]],
    ids=["in number", "in money"],
)
def test_more_than_was_declared_refuses_the_whole(api: TestClient, items: list[dict[str, Any]]) -> None:
    announced = announce(api)
    over = list_items(api, announced, *items)
    assert (over.status_code, over.json()["type"]) == (409, "over-declared-totals")
    assert over.json()["declared_total"] == "100.00"
    told = get(api, f"/agency/v1/disbursements/{announced.json()['id']}", by=AGENCY).json()
    assert (told["state"], told["refused_because"], told["items"]) == (
        "refused",
        "over-declared-totals",
        [],
    )


def test_a_refused_disbursement_takes_nothing_more(api: TestClient) -> None:
    announced = announce(api)
    one = item()
    list_items(api, announced, one)
    list_items(api, announced, item())
    for answer in (
        list_items(api, announced, one),
        post(api, f"/agency/v1/disbursements/{announced.json()['id']}/completions", by=AGENCY),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "disbursement-refused")
    [told] = get(api, f"/agency/v1/disbursements/{announced.json()['id']}", by=AGENCY).json()["items"]
    assert (told["status"], told["reason"]) == ("refused", "over-declared-totals")


def test_an_item_in_another_currency_is_refused(api: TestClient) -> None:
    answer = list_items(api, announce(api), item(amount={"amount": "1.00", "currency": "USD"}))
    assert (answer.status_code, answer.json()["type"]) == (422, "other-currency")


def test_one_reference_twice_in_a_batch_is_refused(api: TestClient) -> None:
    one = item()
    assert list_items(api, announce(api), one, one | {"amount": dop("1.00")}).status_code == 422


def test_a_complete_disbursement_takes_no_further_items(api: TestClient) -> None:
    one = item()
    told = stories.disbursement(api, one)
    path = f"/agency/v1/disbursements/{told.id}/items"
    assert post(api, path, {"items": [one]}, by=AGENCY).json()["repeated"] == 1
    more = post(api, path, {"items": [item()]}, by=AGENCY)
    assert (more.status_code, more.json()["type"]) == (409, "already-completed")


def test_no_agency_sees_what_another_announced(api: TestClient) -> None:
    told = stories.disbursement(api, item())
    path = f"/agency/v1/disbursements/{told.id}"
    answers = (
        get(api, path, by=OTHER_AGENCY),
        post(api, f"{path}/items", {"items": [item()]}, by=OTHER_AGENCY),
        post(api, f"{path}/completions", by=OTHER_AGENCY),
    )
    assert {answer.status_code for answer in answers} == {404}
    assert get(api, "/agency/v1/disbursements", by=OTHER_AGENCY).json()["items"] == []


@pytest.mark.parametrize(
    "stranger",
    [
        tokens.client("agency:disbursements"),
        tokens.client("agency:notices", agency="sisalril"),
        stories.OFFICER,
    ],
    ids=["without an agency", "without the right", "staff"],
)
def test_only_an_agency_announces(api: TestClient, stranger: Any) -> None:
    assert announce(api, by=stranger).status_code == 403
    assert api.post("/agency/v1/disbursements", json={}).status_code == 401


def test_the_agency_pages_through_its_items(api: TestClient) -> None:
    told = stories.disbursement(api, *(item() for _ in range(3)))
    path = f"/agency/v1/disbursements/{told.id}"
    page = get(api, path, by=AGENCY, limit=2)
    assert len(page.json()["items"]) == 2
    link = page.headers["link"]
    rest = api.get(path + link[1 : link.index(">")], headers=tokens.headers(AGENCY))
    assert len(rest.json()["items"]) == 1
    assert page.json()["counts"] == {"quarantined": 3}


def test_what_a_disbursement_is_for_is_shown_only_with_the_right_to_health_data(api: TestClient) -> None:
    told = stories.disbursement(api, item())
    nurse = tokens.staff("disbursements:read", "benefits:read_health")
    assert get(api, told.path, by=stories.OFFICER).json()["benefit"] is None
    assert get(api, told.path, by=nurse).json()["benefit"] == "maternity"


def test_documents_are_masked_in_the_staffs_list(api: TestClient) -> None:
    told = stories.disbursement(api, item(name="Ana Sintética"))
    [listed] = get(api, f"{told.path}/items", by=stories.OFFICER).json()["items"]
    assert (listed["document_number"], listed["name"]) == ("…2312", None)


def test_whoever_is_limited_to_an_organisation_sees_no_disbursement(
    api: TestClient, session: Session
) -> None:
    head = tokens.staff(*stories.READING, roots=[factories.organisation(session)])
    assert get(api, "/v1/disbursements", by=head).status_code == 403
