"""One Alembic history per part, the roles' rights, and the partitions, all brought up to date at once.

The owner role runs this; the runtime role owns nothing and gets, table by table, what the table's
`info` allows: append-only tables SELECT and INSERT, transient ones DELETE besides, all others SELECT,
INSERT and UPDATE. Nothing financial can be deleted by the software that runs.
"""

from collections.abc import Sequence
from datetime import date
from importlib import import_module
from typing import Any

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, MetaData, create_engine, pool, text
from sqlalchemy.dialects.postgresql.base import ischema_names

import services.kit.approvals
import services.kit.audit
import services.kit.clock
import services.kit.idempotency
import services.kit.seals
import services.kit.trees  # noqa: F401  # the kit's tables stand on its metadata once imported
from services.kit import db, jobs, schema
from services.kit.events import schema as events_schema

PARTS = {
    "registry": "services.registry",
    "contributions": "services.contributions",
    "benefits": "services.benefits",
    "gateway": "gateway",
}

ischema_names["xid8"] = db.Xid8  # so that the check for drift can read it back

_RIGHTS = {"append-only": "SELECT, INSERT", "transient": "SELECT, INSERT, UPDATE, DELETE"}
_KIT_APPEND_ONLY = ("audit_log", "seals")


def migrate(part: str, owner_url: str, *, runtime_role: str) -> None:
    """Bring one part's database to the newest version; a second call changes nothing."""
    engine = create_engine("postgresql+psycopg://" + owner_url.partition("://")[2], poolclass=pool.NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        command.upgrade(alembic_config(part, connection), "head")
        add_partitions(connection, metadatas(part), today=date.today())  # noqa: DTZ011  # months ahead, not a due date
        grant(connection, metadatas(part), runtime_role)
    engine.dispose()


def alembic_config(part: str, connection: Connection | None = None) -> Config:
    """Alembic's configuration for one part, without a file; `connection` is used if given."""
    config = Config()
    config.set_main_option("script_location", f"{PARTS[part]}:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def metadatas(part: str) -> list[MetaData]:
    """The tables of one part: the kit's and its own."""
    module = import_module(f"{PARTS[part]}.migrations.targets")
    return [db.metadata, *module.TARGETS]


def run_env(part: str) -> None:
    """What each part's `env.py` does: migrate on the connection that was handed in."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("run migrations with `amparo migrate`")
    context.configure(
        connection=connection,
        target_metadata=metadatas(part),
        include_object=_is_ours,
        compare_server_default=False,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _is_ours(item: Any, name: str | None, kind: str, reflected: bool, compare_to: Any) -> bool:
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def install_kit(*, ledger: bool = False) -> None:
    """The first migration of a part calls this: the kit's tables, and the ledger's if it holds money."""
    statements = [schema.CORE, events_schema.SQL, *map(schema.append_only, _KIT_APPEND_ONLY)]
    if ledger:
        statements += [
            schema.LEDGER,
            schema.append_only("ledger_entries"),
            schema.append_only("ledger_reversals"),
        ]
    for statement in statements:
        run(statement)
    run(jobs.schema_sql())


def run(sql: str) -> None:
    """Run plain SQL text, several statements at once, inside a migration."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(sql)
    cursor.close()


def add_partitions(connection: Connection, targets: Sequence[MetaData], *, today: date) -> None:
    """Make the monthly partitions that are missing, of every table that is partitioned."""
    have = set(
        connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'partitions'")).scalars()
    )
    parents = connection.execute(text("SELECT relname FROM pg_class WHERE relkind = 'p'")).scalars().all()
    access = {table.name: table.info.get("access") for target in targets for table in target.tables.values()}
    for parent in parents:
        sql = schema.monthly_partitions(
            parent, have=have, today=today, is_append_only=access.get(parent) == "append-only"
        )
        if sql:
            connection.exec_driver_sql(sql)


def grant(connection: Connection, targets: Sequence[MetaData], role: str) -> None:
    """Give the runtime role exactly what each table's `info` allows."""
    quoted = '"' + role.replace('"', '""') + '"'
    statements = [
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
    ]
    for target in targets:
        for table in target.tables.values():
            rights = _RIGHTS.get(table.info.get("access", ""), "SELECT, INSERT, UPDATE")
            statements.append(
                f"REVOKE ALL ON {table.name} FROM {quoted}; GRANT {rights} ON {table.name} TO {quoted}"
            )
    statements.append(f"GRANT SELECT ON alembic_version TO {quoted}")
    jobs_tables = connection.execute(
        text(
            "SELECT tablename FROM pg_tables"
            " WHERE schemaname = 'public' AND starts_with(tablename, 'procrastinate_')"
        )
    ).scalars()
    statements += [f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {quoted}" for name in jobs_tables]
    for statement in statements:
        connection.exec_driver_sql(statement)
