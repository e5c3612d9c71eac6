"""The DDL of the messaging tables, frozen: each part's first migration runs it (`kit.migrations`).

A later change is a new text here and a new migration in every part; this one stays as it is.
"""

SQL = """
CREATE TABLE outbox (
    position BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_outbox PRIMARY KEY,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    request_id TEXT,
    data JSON NOT NULL,
    number BIGINT
);
CREATE UNIQUE INDEX ix_outbox_number ON outbox (number) WHERE number IS NOT NULL;
CREATE INDEX ix_outbox_unnumbered ON outbox (position) WHERE number IS NULL;

CREATE TABLE outbox_head (
    one BOOLEAN CONSTRAINT pk_outbox_head PRIMARY KEY CONSTRAINT ck_outbox_head_one CHECK (one),
    number BIGINT NOT NULL DEFAULT 0,
    published BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT ck_outbox_head_published CHECK (published BETWEEN 0 AND number)
);
INSERT INTO outbox_head (one) VALUES (true);

CREATE TABLE inbox (
    id UUID CONSTRAINT pk_inbox PRIMARY KEY,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX ix_inbox_applied_at ON inbox USING brin (applied_at);

CREATE TABLE inbox_seen (
    producer TEXT CONSTRAINT pk_inbox_seen PRIMARY KEY,
    numbers INT8MULTIRANGE NOT NULL DEFAULT '{}',
    expired INT8MULTIRANGE NOT NULL DEFAULT '{}'
);

CREATE TABLE dead_letters (
    id UUID CONSTRAINT pk_dead_letters PRIMARY KEY,
    producer TEXT NOT NULL,
    number BIGINT,
    name TEXT NOT NULL,
    envelope BYTEA NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    error TEXT NOT NULL,
    error_detail TEXT NOT NULL,
    first_failed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    last_failed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    next_try_at TIMESTAMPTZ,
    CONSTRAINT ck_dead_letters_state CHECK (state IN ('waiting', 'dead')),
    CONSTRAINT ck_dead_letters_next_try CHECK ((state = 'waiting') = (next_try_at IS NOT NULL))
);
CREATE INDEX ix_dead_letters_due ON dead_letters (next_try_at) WHERE state = 'waiting';
"""
