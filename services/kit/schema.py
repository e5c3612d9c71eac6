"""The DDL of the kit's tables, frozen: each part's first migration runs it in the part's database.

A later change is a new function here and a new migration in every part; these texts stay as they are.
"""

import re
from datetime import date

from services.kit.periods import Period

CORE = """
CREATE SCHEMA partitions;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: its rows are never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE business_clock (
    one BOOLEAN CONSTRAINT pk_business_clock PRIMARY KEY CONSTRAINT ck_business_clock_one CHECK (one),
    today DATE NOT NULL
);

CREATE TABLE idempotency_keys (
    client UUID NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    content_hash BYTEA NOT NULL,
    result_id UUID,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (client, route, key)
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);

CREATE TABLE audit_log (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit_log PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    actor_id UUID NOT NULL,
    actor_kind TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_id UUID NOT NULL,
    reason TEXT,
    request_id TEXT,
    origin TEXT,
    details_hash BYTEA,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id()
);
CREATE INDEX ix_audit_log_subject_id ON audit_log (subject_id);
CREATE INDEX ix_audit_log_xid ON audit_log (xid);

CREATE TABLE audit_details (
    audit_id BIGINT CONSTRAINT pk_audit_details PRIMARY KEY,
    salt BYTEA NOT NULL,
    details JSONB
);

CREATE TABLE seals (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_seals PRIMARY KEY,
    kind TEXT NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    below_xid xid8 NOT NULL,
    row_count BIGINT NOT NULL,
    previous BYTEA NOT NULL,
    sha256 BYTEA NOT NULL,
    signature TEXT NOT NULL,
    CONSTRAINT uq_seals_kind_below_xid UNIQUE (kind, below_xid)
);

CREATE TABLE approvals (
    id UUID CONSTRAINT pk_approvals PRIMARY KEY,
    kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    organisation_id UUID,
    content_hash BYTEA NOT NULL,
    facts JSONB NOT NULL,
    state TEXT NOT NULL DEFAULT 'pending',
    requested_by UUID NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    decided_by UUID,
    decided_at TIMESTAMPTZ,
    reason TEXT,
    CONSTRAINT ck_approvals_state CHECK (state IN ('pending', 'approved', 'refused', 'void')),
    CONSTRAINT ck_approvals_decided CHECK (state IN ('pending', 'void') = (decided_by IS NULL)),
    CONSTRAINT ck_approvals_two_people CHECK (decided_by <> requested_by)
);
CREATE UNIQUE INDEX ix_approvals_pending ON approvals (kind, subject_id) WHERE state = 'pending';

CREATE TABLE tree_nodes (
    id UUID CONSTRAINT pk_tree_nodes PRIMARY KEY,
    parent_id UUID,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    lineage UUID[] NOT NULL
);
CREATE INDEX ix_tree_nodes_parent_id ON tree_nodes (parent_id);
CREATE INDEX ix_tree_nodes_lineage ON tree_nodes USING gin (lineage);
"""

LEDGER = """
CREATE TABLE ledger_entries (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    booked_on DATE NOT NULL,
    booked_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    kind TEXT NOT NULL,
    debit_account TEXT NOT NULL,
    credit_account TEXT NOT NULL,
    member_id UUID,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_ledger_entries_positive CHECK (amount_minor > 0),
    currency VARCHAR(3) NOT NULL,
    source_id UUID NOT NULL,
    reverses_id BIGINT,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    CONSTRAINT pk_ledger_entries PRIMARY KEY (id, booked_on),
    CONSTRAINT ck_ledger_entries_two_accounts CHECK (debit_account <> credit_account)
) PARTITION BY RANGE (booked_on);
CREATE INDEX ix_ledger_entries_member_id ON ledger_entries (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX ix_ledger_entries_source_id ON ledger_entries (source_id);
CREATE INDEX ix_ledger_entries_xid ON ledger_entries (xid);

CREATE TABLE ledger_reversals (
    entry_id BIGINT CONSTRAINT pk_ledger_reversals PRIMARY KEY,
    source_id UUID NOT NULL
);
"""

FIRST_PARTITION = Period(2026, 1)
MONTHS_AHEAD = 13


def append_only(table: str) -> str:
    """SQL that makes a table refuse UPDATE, DELETE and TRUNCATE, whoever asks."""
    name = re.sub(r"\W", "_", table)
    return (
        f"CREATE TRIGGER {name}_rows BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION refuse_change();\n"
        f"CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
    )


def refuse_truncate(table: str) -> str:
    """SQL for a partition: row triggers come down from the parent, TRUNCATE's do not."""
    name = re.sub(r"\W", "_", table)
    return (
        f"CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();\n"
    )


def monthly_partitions(table: str, *, have: set[str], today: date, is_append_only: bool) -> str:
    """SQL that adds the partitions missing from `have`, up to a year ahead, and a default one.

    They stand in the schema `partitions`, in which the runtime role may do nothing: rows are reached
    through the parent only.
    """
    statements = []
    period, last = FIRST_PARTITION, Period.of(today).plus(MONTHS_AHEAD)
    while period <= last:
        name = f"{table}_{period.year:04d}_{period.month:02d}"
        if name not in have:
            bounds = f"FROM ('{period.first_day}') TO ('{period.plus(1).first_day}')"
            statements.append(f"CREATE TABLE partitions.{name} PARTITION OF {table} FOR VALUES {bounds};\n")
            if is_append_only:
                statements.append(refuse_truncate(f"partitions.{name}"))
        period = period.plus(1)
    if f"{table}_default" not in have:
        statements.append(f"CREATE TABLE partitions.{table}_default PARTITION OF {table} DEFAULT;\n")
        if is_append_only:
            statements.append(refuse_truncate(f"partitions.{table}_default"))
    return "".join(statements)
