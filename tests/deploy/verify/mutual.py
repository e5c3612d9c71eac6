"""A small mutual that lived through a month, on databases of all four parts.

The parts are driven through their own HTTP and jobs; their events travel through the real outboxes and
inboxes, only without a stream between. All persons are synthetic.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

import gateway.consumers
import gateway.db
import gateway.settings
import services.benefits.consumers
import services.benefits.db
import services.benefits.settings
import services.contributions.consumers
import services.contributions.db
import services.contributions.settings
import services.registry.db
import services.registry.settings
from deploy.databases import Database
from services.contributions.charges.jobs import charge_members
from services.kit import clock, seals, secrets
from services.kit.events.envelope import envelope
from services.kit.events.inbox import Inbox
from services.kit.events.outbox import numbered_after
from services.kit.settings import kit_settings
from tests import tokens
from tests.benefits import stories
from tests.contributions import billing
from tests.contributions.declarations import test_drawing as payrolls
from tests.contributions.payments import test_reversing as reversals
from tests.contributions.payments.test_endpoints import take
from tests.registry.people import Office

SECRET_KEY = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
TODAY = date(2026, 7, 20)
"""The business date all through this month."""

PARTS = {
    "registry": (services.registry.db, services.registry.settings),
    "contributions": (services.contributions.db, services.contributions.settings),
    "benefits": (services.benefits.db, services.benefits.settings),
    "gateway": (gateway.db, gateway.settings),
}
CONSUMERS = {
    "contributions": services.contributions.consumers.consumers,
    "benefits": services.benefits.consumers.consumers,
    "gateway": gateway.consumers.consumers,
}
SEALED = {
    "registry": ("audit_log",),
    "contributions": ("ledger_entries", "audit_log"),
    "benefits": ("ledger_entries", "audit_log"),
    "gateway": ("audit_log",),
}


@contextmanager
def settled_in(databases: Mapping[str, Database]) -> Iterator[None]:
    """All parts' settings point to these databases, until the end of the block."""
    caches: list[Any] = [
        kit_settings,
        services.registry.db.pool,
        *(cache for db, own in PARTS.values() for cache in (db.engine, own.settings)),
    ]
    with pytest.MonkeyPatch.context() as environment:
        for part, database in databases.items():
            environment.setenv(f"AMPARO_{part.upper()}_DATABASE_URL", database.url)
            environment.setenv(f"AMPARO_{part.upper()}_CLIENT_SECRET", "secret-for-tests")
        environment.setenv("AMPARO_NATS_URL", "nats://nobody@127.0.0.1:1")
        environment.setenv("AMPARO_SECRET_KEY", SECRET_KEY)
        environment.setenv("AMPARO_SANDBOX", "1")
        environment.setenv("AMPARO_BENEFITS_DEBTOR_NAME", "Mutual de Prueba")
        environment.setenv("AMPARO_BENEFITS_DEBTOR_ACCOUNT", "0001112223")
        environment.setenv("AMPARO_BENEFITS_DEBTOR_BIC", "XXXXDOSD")
        for cache in caches:
            cache.cache_clear()
        try:
            yield
        finally:
            for db, _ in PARTS.values():
                db.engine().dispose()
            services.registry.db.pool().close()
            for cache in caches:
                cache.cache_clear()


def live_a_month(databases: Mapping[str, Database]) -> None:
    """From nothing to a month that was collected, filed, billed, remitted, relayed and told of."""
    with settled_in(databases):
        members = begin(databases)
        _contribute(members)
        deliver(databases)
        _relay(databases, members)
        deliver(databases)
        seal()


def begin(databases: Mapping[str, Database]) -> dict[str, UUID]:
    """Members who joined, and whom every part knows."""
    for part in PARTS:
        with session_of(part) as session, session.begin():
            clock.set_business_today(session, TODAY)
    members = _join()
    deliver(databases)
    return members


def session_of(part: str) -> Session:
    return Session(PARTS[part][0].engine(), expire_on_commit=False)


def deliver(databases: Mapping[str, Database], *, to: Mapping[str, Any] = CONSUMERS) -> None:
    """Number and publish what was announced, and let it take effect; what was seen before has none."""
    for producer in PARTS:
        with psycopg.connect(databases[producer].url) as connection:
            connection.execute(NUMBER)
        with session_of(producer) as session:
            events = [(one.name, envelope(one)) for one in numbered_after(session, 0, limit=1000)]
        for part, consumers in to.items():
            if events and producer in consumers.producers:
                Inbox(PARTS[part][0].engine(), consumers).take(producer, events)


NUMBER = """
WITH unnumbered AS (
    SELECT position, row_number() OVER (ORDER BY position) AS nth FROM outbox WHERE number IS NULL
), numbered AS (
    UPDATE outbox SET number = outbox_head.number + nth FROM unnumbered, outbox_head
    WHERE outbox.position = unnumbered.position RETURNING 1
)
UPDATE outbox_head SET number = number + (SELECT count(*) FROM numbered),
    published = number + (SELECT count(*) FROM numbered)
"""


def seal() -> None:
    """Seal what has settled, in every part."""
    for part, tables in SEALED.items():
        for table in tables:
            with session_of(part) as session, session.begin():
                seals.seal(session, table)


def _join() -> dict[str, UUID]:
    from services.registry.app import create_app

    office = Office(TestClient(create_app(), raise_server_exceptions=False))
    office.authorised()
    organisation = office.organisation("Asociación de Prueba")
    office.registered(organisation)  # an applicant, whom nobody announces
    names = ("ana", "eva", "noe", "leo")
    return {name: UUID(office.enrolled(organisation)["id"]) for name in names}


def _contribute(members: dict[str, UUID]) -> None:
    from services.contributions.app import create_app

    with (
        TestClient(create_app(), raise_server_exceptions=False) as api,
        session_of("contributions") as session,
    ):
        charge(api)
        _collect(api, members)
        drawn = payrolls.draw(api, {}, size=100)
        assert (drawn["lines"], drawn["left_out"]) == (3, 1), drawn
        payrolls.file(api, drawn["id"])
        lines = billing.charged(session, UUID(drawn["id"]))
        payroll = billing.Payroll(UUID(drawn["id"]), list(members.values()), lines)
        lifted = billing.changed(lines[0], wage_minor=lines[0]["wage_minor"] + 1_000_00, sfs=101_30)
        notice = billing.compared(api, billing.bill(payroll, lines=[lifted, *lines[1:]]))
        billing.remitted(api, notice, shortfall_account="reserve")


def charge(api: TestClient) -> None:
    """Charge everybody for July."""
    runner = tokens.staff("charges:run")
    asked = api.post("/v1/charge-runs", headers=tokens.headers(runner), json={"period": "2026-07"})
    assert asked.status_code == 202, asked.text
    charge_members(run_id=asked.json()["id"])


def _collect(api: TestClient, members: dict[str, UUID]) -> None:
    """Some pay too much; one payment is undone; bank lines are known, unknown, ours, and the State's."""
    for name in ("ana", "eva"):
        assert take(api, members[name], "4000.00").status_code == 201
    undone = take(api, members["leo"], "100.00").json()
    assert reversals.decide(api, reversals.ask(api, undone).json()).status_code == 200
    billing.statement(
        api,
        "06/07/2026,X-1,QUIEN SABE,,4100.00",
        "06/07/2026,X-2,NADIE LO SABE,,77.00",
        "07/07/2026,SUB-77,TSS SUBSIDIOS MATERNIDAD,,300.00",
    )
    [line] = [one for one in billing.lines_in(api, "suspense") if one["reference"] == "X-1"]
    settled = billing.post(
        api, f"/v1/bank-lines/{line['id']}/settlements", {"member_id": str(members["noe"])}
    )
    assert settled.status_code == 200, settled.text
    billing.fund(api, 500_00)


def _relay(databases: Mapping[str, Database], members: dict[str, UUID]) -> None:
    from services.benefits.app import create_app

    api = TestClient(create_app(), raise_server_exceptions=False)
    with psycopg.connect(databases["benefits"].url) as connection:
        documents: dict[UUID, str] = dict(
            connection.execute("SELECT id, document_number FROM members").fetchall()
        )
    known = [
        stories.item(reference=name, document={"type": "C", "number": documents[members[name]]})
        for name in ("ana", "eva")
    ]
    told = stories.disbursement(api, *known, stories.item(), bank_reference="SUB-77")
    stories.release(api, told)
    [waiting] = stories.get(api, "/v1/quarantine", by=stories.CLERK).json()["items"]
    returned = stories.post(
        api, f"/v1/items/{waiting['id']}/returns", {"reason": "not-a-member"}, by=stories.CLERK
    )
    assert returned.status_code == 201, returned.text
    payout = next(one for one in stories.payouts(api, told) if one["member_id"] == str(members["ana"]))
    paid = stories.post(
        api,
        f"/v1/payouts/{payout['id']}/cash-payments",
        {"code": _code(databases, payout["id"])},
        by=stories.CASHIER,
        key=str(uuid4()),
    )
    assert paid.status_code in (200, 201), paid.text


def _code(databases: Mapping[str, Database], payout_id: str) -> str:
    with psycopg.connect(databases["benefits"].url) as connection:
        found = connection.execute(
            "SELECT data ->> 'code_sealed' FROM outbox"
            " WHERE name = 'benefits.payout_ready.v1' AND data ->> 'payout_id' = %s",
            [payout_id],
        ).fetchall()
    [[sealed]] = found
    return secrets.decrypt(sealed, purpose="payout-code")
