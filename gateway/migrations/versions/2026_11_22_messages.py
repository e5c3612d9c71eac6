"""Contacts, messages, what members write, webhooks going out."""

from services.kit.migrations import run

revision = "2026_11_22_messages"
down_revision = "2026_11_22_first"

TABLES = """
CREATE TABLE contacts (
    member_id UUID CONSTRAINT pk_contacts PRIMARY KEY,
    version BIGINT NOT NULL,
    organisation_id UUID NOT NULL,
    member_number VARCHAR NOT NULL,
    given_names VARCHAR NOT NULL,
    phone VARCHAR,
    language VARCHAR NOT NULL,
    state VARCHAR NOT NULL
);
CREATE INDEX ix_contacts_phone ON contacts (phone);

CREATE TABLE opt_outs (
    phone VARCHAR CONSTRAINT pk_opt_outs PRIMARY KEY,
    stopped_at TIMESTAMPTZ NOT NULL,
    resumed_at TIMESTAMPTZ
);

CREATE TABLE messages (
    id UUID CONSTRAINT pk_messages PRIMARY KEY,
    event_id UUID NOT NULL,
    template VARCHAR NOT NULL,
    subject_id UUID NOT NULL,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    facts JSONB NOT NULL,
    code_sealed VARCHAR,
    state VARCHAR NOT NULL
        CONSTRAINT ck_messages_state CHECK (state IN ('queued', 'unknown', 'sent', 'failed', 'delivered')),
    created_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    attempt SMALLINT NOT NULL,
    is_calling BOOLEAN NOT NULL,
    answer_lost BOOLEAN NOT NULL,
    phone VARCHAR,
    language VARCHAR,
    text VARCHAR,
    segments SMALLINT,
    sent_at TIMESTAMPTZ,
    settled_at TIMESTAMPTZ,
    failure VARCHAR CONSTRAINT ck_messages_failure CHECK (failure IN
        ('no_contact', 'no_phone', 'opted_out', 'expired', 'refused', 'unreadable', 'undelivered')),
    failure_detail VARCHAR,
    resend_of UUID CONSTRAINT fk_messages_resend_of REFERENCES messages,
    CONSTRAINT ck_messages_failed CHECK ((state = 'failed') = (failure IS NOT NULL)),
    CONSTRAINT ck_messages_settled CHECK ((state IN ('delivered', 'failed')) = (settled_at IS NOT NULL)),
    CONSTRAINT ck_messages_sent CHECK (state NOT IN ('sent', 'delivered') OR sent_at IS NOT NULL),
    CONSTRAINT ck_messages_code CHECK (code_sealed IS NULL OR state = 'queued')
);
CREATE UNIQUE INDEX uq_messages_told_once ON messages (event_id, template, subject_id)
    WHERE resend_of IS NULL;
CREATE UNIQUE INDEX uq_messages_resend_of ON messages (resend_of);
CREATE INDEX ix_messages_member_id ON messages (member_id, id);
CREATE INDEX ix_messages_organisation_id ON messages (organisation_id, id);
CREATE INDEX ix_messages_due_at ON messages (due_at) WHERE state = 'queued';

CREATE TABLE inbound_messages (
    id UUID CONSTRAINT pk_inbound_messages PRIMARY KEY,
    webhook_id VARCHAR NOT NULL CONSTRAINT uq_inbound_messages_webhook_id UNIQUE,
    phone VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    keyword VARCHAR
        CONSTRAINT ck_inbound_messages_keyword CHECK (keyword IN ('stop', 'start', 'balance', 'help')),
    member_id UUID,
    organisation_id UUID,
    received_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_inbound_messages_member_id ON inbound_messages (member_id, id);
CREATE INDEX ix_inbound_messages_organisation_id ON inbound_messages (organisation_id, id);

CREATE TABLE webhook_endpoints (
    id UUID CONSTRAINT pk_webhook_endpoints PRIMARY KEY,
    name VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    agency VARCHAR,
    events TEXT[] NOT NULL,
    secret_sealed VARCHAR NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_webhook_endpoints_state CHECK (state IN ('active', 'deactivated')),
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE webhook_deliveries (
    id UUID CONSTRAINT pk_webhook_deliveries PRIMARY KEY,
    endpoint_id UUID NOT NULL CONSTRAINT fk_webhook_deliveries_endpoint_id REFERENCES webhook_endpoints,
    event_id UUID NOT NULL,
    event_name VARCHAR NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    data JSONB NOT NULL,
    state VARCHAR NOT NULL
        CONSTRAINT ck_webhook_deliveries_state CHECK (state IN ('queued', 'delivered', 'failed')),
    started_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    attempt SMALLINT NOT NULL,
    settled_at TIMESTAMPTZ,
    last_answer VARCHAR,
    CONSTRAINT uq_webhook_deliveries_endpoint_id_event_id UNIQUE (endpoint_id, event_id)
);
CREATE INDEX ix_webhook_deliveries_due_at ON webhook_deliveries (due_at) WHERE state = 'queued';
"""


def upgrade() -> None:
    run(TABLES)
