"""The other half: what an owner can break, the runtime role is refused, through every partition."""

import itertools
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import InsufficientPrivilege, RestrictViolation

from deploy.databases import Database
from tests.deploy.verify.breaks import BREAKS, Break

EVERYWHERE = ("audit_log", "seals")
LEDGER = ("ledger_entries", "ledger_reversals")
FROZEN = {
    "registry": (*EVERYWHERE, "verifications"),
    "contributions": (
        *EVERYWHERE,
        *LEDGER,
        "charges",
        "charge_lines",
        "payments",
        "allocations",
        "payment_reversals",
        "declaration_lines",
        "left_outs",
        "notice_lines",
    ),
    "benefits": (*EVERYWHERE, *LEDGER, "fundings", "bank_orders", "bank_order_lines", "confirmations"),
    "gateway": EVERYWHERE,
}
"""Tables whose rows nobody ever changes."""
KEPT = {
    "contributions": ("member_accounts", "dues", "declarations", "notices", "remittances", "coverages"),
    "benefits": ("cases", "disbursements", "items", "payouts", "returns"),
}
"""Tables whose rows change with what happens, and are never removed."""
PARTITIONED = {
    "contributions": ("ledger_entries", "charges", "charge_lines"),
    "benefits": ("ledger_entries",),
}
CHANGES = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE")


@contextmanager
def nothing_kept(url: str) -> Iterator[psycopg.Connection]:
    """A connection on which each attempt is taken back."""
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def partitions(connection: psycopg.Connection, table: str) -> list[str]:
    """The names of a table's partitions, the default one included."""
    rows = connection.execute(
        "SELECT relname FROM pg_inherits JOIN pg_class ON oid = inhrelid"
        " WHERE inhparent = %s::regclass ORDER BY 1",
        [table],
    )
    return [name for (name,) in rows]


def attempts(connection: psycopg.Connection, *table: str) -> Iterator[sql.Composed]:
    name = sql.Identifier(*table)
    [[column]] = connection.execute(
        "SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relname = %s AND attnum > 0 AND attidentity = '' AND NOT attisdropped LIMIT 1",
        [table[-1]],
    ).fetchall()
    for change in CHANGES:
        yield sql.SQL(change).format(table=name, column=sql.Identifier(column))


def refused(connection: psycopg.Connection, statement: sql.Composed | str, by: type[Exception]) -> None:
    with pytest.raises(by), connection.transaction():
        connection.execute(statement if isinstance(statement, sql.Composed) else statement.encode())


@pytest.mark.parametrize(
    ("part", "table"), [(part, table) for part, tables in FROZEN.items() for table in tables]
)
def test_the_runtime_role_may_change_no_row_that_is_never_changed(
    month: Mapping[str, Database], part: str, table: str
) -> None:
    with nothing_kept(month[part].url) as runtime:
        for statement in attempts(runtime, "public", table):
            refused(runtime, statement, InsufficientPrivilege)


@pytest.mark.parametrize(
    ("part", "table"), [(part, table) for part, tables in PARTITIONED.items() for table in tables]
)
def test_no_partition_is_a_way_around(month: Mapping[str, Database], part: str, table: str) -> None:
    with nothing_kept(month[part].url) as runtime, nothing_kept(month[part].owner_url) as owner:
        found = partitions(runtime, table)
        assert len(found) > 12
        for partition in found:
            for statement in attempts(runtime, "partitions", partition):
                refused(runtime, statement, InsufficientPrivilege)
            refused(owner, f"TRUNCATE partitions.{partition}", RestrictViolation)
            if owner.execute(f"SELECT FROM partitions.{partition} LIMIT 1".encode()).fetchone() is not None:
                for statement in attempts(owner, "partitions", partition):
                    refused(owner, statement, RestrictViolation)


@pytest.mark.parametrize(
    ("part", "table"), [(part, table) for part, tables in FROZEN.items() for table in tables]
)
def test_even_its_owner_is_refused_while_the_triggers_stand(
    month: Mapping[str, Database], part: str, table: str
) -> None:
    with nothing_kept(month[part].owner_url) as owner:
        has_rows = owner.execute(f"SELECT FROM {table} LIMIT 1".encode()).fetchone() is not None
        for statement in attempts(owner, "public", table):
            if has_rows or "TRUNCATE" in statement.as_string(owner):
                refused(owner, statement, RestrictViolation)


@pytest.mark.parametrize(
    ("part", "table"), [(part, table) for part, tables in KEPT.items() for table in tables]
)
def test_the_runtime_role_may_remove_nothing_that_tells_of_money(
    month: Mapping[str, Database], part: str, table: str
) -> None:
    with nothing_kept(month[part].url) as runtime:
        for statement in itertools.islice(attempts(runtime, "public", table), 1, None):
            refused(runtime, statement, InsufficientPrivilege)


@pytest.mark.parametrize("part", FROZEN)
def test_the_runtime_role_cannot_take_the_guards_away(month: Mapping[str, Database], part: str) -> None:
    with nothing_kept(month[part].url) as runtime:
        for statement in (
            "ALTER TABLE audit_log DISABLE TRIGGER USER",
            "DROP TRIGGER audit_log_rows ON audit_log",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NEW; END'",
            "ALTER TABLE seals DROP CONSTRAINT pk_seals",
            "CREATE TABLE seals_of_mine AS SELECT * FROM seals",
            "SET ROLE " + month[part].owner,
            "SET session_replication_role = replica",
        ):
            refused(runtime, statement, InsufficientPrivilege)


@pytest.mark.parametrize(
    "broken",
    [
        broken
        for broken in BREAKS
        if set(re.findall(r"(?:UPDATE|DELETE FROM|TABLE)\s+(\w+)", "\n".join(broken.statements)))
        & set(FROZEN[broken.part])
    ],
    ids=str,
)
def test_the_same_break_is_refused_to_the_runtime_role(month: Mapping[str, Database], broken: Break) -> None:
    with nothing_kept(month[broken.part].url) as runtime, pytest.raises(InsufficientPrivilege):
        runtime.execute(sql.SQL(";").join(sql.SQL(statement) for statement in broken.statements))
