"""Messages over HTTP: read within one's reach, counted, sent again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlmodel import Session, col, select

from deploy.databases import Database
from gateway import db, settings
from gateway.messages.models import Message
from gateway.messages.sending.channel import PAYOUT_CODES, SmsChannel
from gateway.webhooks.posting import Outcome, new_secret
from services.kit import audit, secrets
from services.kit.ids import new_id
from services.kit.principals import Kind, Principal
from tests.gateway import factories
from tests.gateway.messages.happenings import (
    ORGANISATION,
    announced,
    charged,
    happen,
    known,
    payment,
    payout,
    take,
)

MESSAGES = "/api/gateway/v1/messages"
BRANCH, OTHER = UUID(int=70), UUID(int=71)


@pytest.fixture(scope="module", autouse=True)
def sms_known(gateway: Database, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("AMPARO_GATEWAY_SMS_SECRET", new_secret())
    environment.setenv("AMPARO_GATEWAY_SMS_URL", "http://127.0.0.1:1/sms")
    settings.settings.cache_clear()
    for id, parent_id in ((ORGANISATION, None), (BRANCH, ORGANISATION), (OTHER, None)):
        founded(id, parent_id)


def founded(id: UUID, parent_id: UUID | None = None) -> None:
    """An organisation, as the registry announces it."""
    place = {"organisation_id": id, "version": 1, "parent_id": parent_id, "name": "Gremio", "kind": "guild"}
    take(announced("registry.organisation_changed.v1", place))


def reader(*scopes: str, roots: tuple[UUID, ...] | None = None, kind: Kind = "staff") -> dict[str, str]:
    granted = frozenset(scopes or ("messages:read",))
    return factories.headers(Principal(new_id(), kind, granted, roots=roots))


def settle(*outcomes: Outcome) -> None:
    """Claim what is due and give it these outcomes, in the order in which the messages were made."""
    channel = SmsChannel(db.engine(), settings.settings())
    posts = sorted(channel.claim(200), key=lambda post: post.id)
    channel.settle(list(zip(posts, outcomes, strict=True)))


def receipt(of: dict[str, Any]) -> None:
    happen("contributions.payment_posted.v1", payments=[payment(of)])


def listed(api: TestClient, headers: dict[str, str] | None = None, **query: Any) -> list[dict[str, Any]]:
    answer = api.get(MESSAGES, params=query, headers=headers or reader())
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def failed(of: dict[str, Any]) -> str:
    """A message that the SMS gateway has refused; its id."""
    receipt(of)
    settle(Outcome(400))
    with Session(db.engine()) as session:
        return str(session.exec(select(Message.id).where(Message.member_id == of["member_id"])).one())


def test_a_member_was_told_this(api: TestClient) -> None:
    one = known(language="en")
    receipt(one)
    take(charged([one]))
    settle(Outcome(202), Outcome(503))
    first, second = listed(api, member_id=one["member_id"])
    assert (first["template"], first["state"], first["attempts"]) == ("receipt", "sent", 1)
    assert first["text"].startswith("Amparo: we received RD$4,923.27 from you.")
    assert (first["language"], first["segments"], first["failure"]) == ("en", 1, None)
    assert (second["template"], second["state"], second["failure_detail"]) == ("charged", "queued", "503")
    settle_all()


def settle_all() -> None:
    with Session(db.engine()) as session, session.begin():
        session.execute(
            text("UPDATE messages SET state = 'unknown', code_sealed = NULL WHERE state = 'queued'")
        )


def test_phones_are_whole_only_for_who_sees_personal_data(api: TestClient) -> None:
    one = known(phone="+18095551234")
    failed(one)
    assert listed(api, member_id=one["member_id"])[0]["to"] == "…1234"
    whole = reader("messages:read", "members:read_personal")
    assert listed(api, whole, member_id=one["member_id"])[0]["to"] == "+18095551234"


def test_a_code_is_never_shown(api: TestClient) -> None:
    one = known()
    sealed = secrets.encrypt("40718293", purpose=PAYOUT_CODES)
    happen("benefits.payout_ready.v1", **payout(one), code_sealed=sealed)
    settle(Outcome(500))
    headers = reader("messages:read", "members:read_personal", "audit:read")
    answer = api.get(MESSAGES, params={"member_id": one["member_id"]}, headers=headers)
    assert "********" in answer.text
    assert "40718293" not in answer.text
    assert sealed not in answer.text
    settle_all()


def test_only_messages_of_ones_own_organisations_are_seen(api: TestClient) -> None:
    here, below, elsewhere = known(), known(organisation_id=BRANCH), known(organisation_id=OTHER)
    for one in (here, below, elsewhere):
        receipt(one)
    settle_all()

    def seen(*roots: UUID) -> set[str]:
        headers = reader("messages:read", roots=roots)
        return {message["member_id"] for message in listed(api, headers, limit=200)}

    members = [str(one["member_id"]) for one in (here, below, elsewhere)]
    assert seen(ORGANISATION) >= set(members[:2])
    assert members[2] not in seen(ORGANISATION)
    assert members[1] in seen(BRANCH)
    assert not {members[0], members[2]} & seen(BRANCH)
    assert seen(new_id()) == set()
    assert listed(api, reader("messages:read", roots=(BRANCH,)), member_id=here["member_id"]) == []


def test_lists_are_filtered_and_paged(api: TestClient) -> None:
    one = known()
    for _ in range(3):
        receipt(one)
    take(charged([one]))
    settle(Outcome(400), Outcome(400), Outcome(202), Outcome(202))
    mine = {"member_id": one["member_id"]}
    assert [m["template"] for m in listed(api, **mine, state="sent")] == ["receipt", "charged"]
    assert len(listed(api, **mine, template="receipt")) == 3
    page = api.get(MESSAGES, params={**mine, "limit": 2}, headers=reader())
    following = api.get(f"{MESSAGES}{page.links['next']['url']}", headers=reader())
    assert [m["template"] for m in following.json()["items"]] == ["receipt", "charged"]
    assert api.get(MESSAGES, params={"state": "lost"}, headers=reader()).status_code == 422


def test_reading_a_members_messages_is_noted(api: TestClient, session: Session) -> None:
    one = known()
    listed(api, member_id=one["member_id"])
    assert [entry.action for entry in audit.entries(session, subject_id=one["member_id"])] == [
        "messages.open"
    ]


def test_figures_count_by_template_and_within_reach(api: TestClient) -> None:
    place = new_id()
    founded(place)
    one = known(organisation_id=place)
    for _ in range(4):
        receipt(one)
    take(charged([one]))
    settle(Outcome(202), Outcome(202), Outcome(400), Outcome(503), Outcome(202))
    with Session(db.engine()) as session, session.begin():
        first = session.exec(
            select(Message).where(Message.member_id == one["member_id"]).order_by(col(Message.id))
        ).first()
        assert first is not None
        first.state, first.settled_at = "delivered", first.sent_at
    figures = api.get(f"{MESSAGES}/figures", headers=reader("messages:read", roots=(place,))).json()
    templates = {counts.pop("template"): counts for counts in figures.pop("templates")}
    assert figures == {
        "queued": 1,
        "sent": 2,
        "delivered": 1,
        "failed": 1,
        "unknown": 0,
        "sms_sent": 3,
        "sms_delivered": 1,
    }
    assert templates["charged"] == {"queued": 0, "sent": 1, "delivered": 0, "failed": 0, "unknown": 0}
    assert templates["receipt"] == {"queued": 1, "sent": 1, "delivered": 1, "failed": 1, "unknown": 0}
    settle_all()
    nobody = api.get(f"{MESSAGES}/figures", headers=reader("messages:read", roots=(new_id(),))).json()
    assert nobody["sms_sent"] == 0


def test_what_failed_is_sent_again_once_to_the_phone_of_today(api: TestClient, session: Session) -> None:
    one = known()
    id = failed(one)
    happen("registry.member_changed.v1", members=[{**one, "version": 2, "phone": "+18095554321"}])
    again = api.post(f"{MESSAGES}/{id}/resends", headers=reader("messages:send"))
    assert again.status_code == 201
    assert (again.json()["state"], again.json()["resend_of"]) == ("queued", id)
    repeated = api.post(f"{MESSAGES}/{id}/resends", headers=reader("messages:send"))
    assert repeated.json()["id"] == again.json()["id"]
    settle(Outcome(202))
    first, second = listed(api, member_id=one["member_id"])
    assert (first["state"], second["state"], second["to"]) == ("failed", "sent", "…4321")
    assert first["text"] == second["text"]
    actions = {entry.action for entry in audit.entries(session, subject_id=UUID(id))}
    assert actions == {"messages.resend"}


def test_what_was_sent_is_not_sent_again(api: TestClient) -> None:
    one = known()
    receipt(one)
    settle(Outcome(202))
    [sent] = listed(api, member_id=one["member_id"])
    answer = api.post(f"{MESSAGES}/{sent['id']}/resends", headers=reader("messages:send"))
    assert (answer.status_code, answer.json()["type"]) == (409, "not-to-be-resent")


def test_a_code_is_not_sent_again(api: TestClient) -> None:
    one = known()
    sealed = secrets.encrypt("40718293", purpose=PAYOUT_CODES)
    happen("benefits.payout_ready.v1", **payout(one), code_sealed=sealed)
    settle(Outcome(400))
    [message] = listed(api, member_id=one["member_id"])
    answer = api.post(f"{MESSAGES}/{message['id']}/resends", headers=reader("messages:send"))
    assert (answer.status_code, answer.json()["type"]) == (409, "code-not-resent")


def test_nobody_resends_for_another_organisation(api: TestClient) -> None:
    one = known(organisation_id=BRANCH)
    id = failed(one)
    happen("registry.member_changed.v1", members=[{**one, "version": 2, "organisation_id": OTHER}])
    for roots, status in (((BRANCH,), 404), ((new_id(),), 404), ((OTHER,), 201)):
        headers = reader("messages:send", roots=roots)
        assert api.post(f"{MESSAGES}/{id}/resends", headers=headers).status_code == status
    assert api.post(f"{MESSAGES}/{new_id()}/resends", headers=reader("messages:send")).status_code == 404
    settle_all()


def test_templates_are_shown_with_what_they_cost(api: TestClient) -> None:
    items = api.get("/api/gateway/v1/message-templates", headers=reader()).json()["items"]
    assert {item["language"] for item in items} == {"es", "en"}
    assert {item["segments"] for item in items} == {1}
    charged = next(item for item in items if (item["template"], item["language"]) == ("charged", "es"))
    assert "%(amount)s" in charged["text"]
    assert "RD$12,345.67" in charged["example"]


def test_what_members_wrote_is_shown_within_reach(api: TestClient) -> None:
    one = known(organisation_id=BRANCH)
    with Session(db.engine()) as session, session.begin():
        from gateway.messages import inbound

        inbound.take(session, str(new_id()), sender=one["phone"], text="SALDO")
        inbound.take(session, str(new_id()), sender="+18095550000", text="de nadie")
    path, mine = "/api/gateway/v1/inbound-messages", {"member_id": str(one["member_id"])}
    [item] = api.get(path, params=mine, headers=reader()).json()["items"]
    assert (item["text"], item["keyword"], item["sender"]) == ("SALDO", "balance", f"…{one['phone'][-4:]}")
    headers = reader("messages:read", roots=(BRANCH,))
    assert [one["text"] for one in api.get(path, headers=headers).json()["items"]] == ["SALDO"]
    everything = [one["text"] for one in api.get(path, headers=reader()).json()["items"]]
    assert everything == ["SALDO", "de nadie"]


GET: list[tuple[str, str]] = [
    ("GET", MESSAGES),
    ("GET", f"{MESSAGES}/figures"),
    ("GET", "/api/gateway/v1/message-templates"),
    ("GET", "/api/gateway/v1/inbound-messages"),
    ("POST", f"{MESSAGES}/{new_id()}/resends"),
]


@pytest.mark.parametrize(("method", "path"), GET)
def test_every_way_needs_its_right(api: TestClient, method: str, path: str) -> None:
    ask: Callable[..., Any] = api.request
    assert ask(method, path).status_code == 401
    assert ask(method, path, headers=reader("members:read")).status_code == 403
