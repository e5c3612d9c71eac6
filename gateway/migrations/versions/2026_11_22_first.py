"""People, sessions, clients, keys."""

from services.kit.migrations import install_kit, run

revision = "2026_11_22_first"
down_revision = None

TABLES = """
CREATE TABLE signing_keys (
    kid VARCHAR CONSTRAINT pk_signing_keys PRIMARY KEY,
    public_jwk JSONB NOT NULL,
    private_sealed VARCHAR NOT NULL,
    signs_from TIMESTAMPTZ NOT NULL,
    published_until TIMESTAMPTZ
);

CREATE TABLE revocations (
    subject UUID CONSTRAINT pk_revocations PRIMARY KEY,
    before TIMESTAMPTZ NOT NULL
);

CREATE TABLE staff (
    id UUID CONSTRAINT pk_staff PRIMARY KEY,
    email VARCHAR NOT NULL
        CONSTRAINT uq_staff_email UNIQUE CONSTRAINT ck_staff_email CHECK (email = lower(email)),
    name VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_staff_state CHECK (state IN ('new', 'active', 'deactivated')),
    roots UUID[],
    password_hash VARCHAR,
    password_is_temporary BOOLEAN NOT NULL,
    totp_sealed VARCHAR,
    totp_last_step BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT ck_staff_credentials
        CHECK (state <> 'active' OR (password_hash IS NOT NULL AND totp_sealed IS NOT NULL))
);

CREATE TABLE staff_roles (
    staff_id UUID NOT NULL CONSTRAINT fk_staff_roles_staff_id REFERENCES staff,
    role VARCHAR NOT NULL,
    granted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT pk_staff_roles PRIMARY KEY (staff_id, role)
);

CREATE TABLE role_grants (
    id UUID CONSTRAINT pk_role_grants PRIMARY KEY,
    staff_id UUID NOT NULL CONSTRAINT fk_role_grants_staff_id REFERENCES staff,
    role VARCHAR NOT NULL,
    roots UUID[],
    state VARCHAR NOT NULL CONSTRAINT ck_role_grants_state CHECK (state IN ('pending', 'granted', 'refused')),
    requested_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX ix_role_grants_staff_id ON role_grants (staff_id);

CREATE TABLE sessions (
    id UUID CONSTRAINT pk_sessions PRIMARY KEY,
    staff_id UUID NOT NULL CONSTRAINT fk_sessions_staff_id REFERENCES staff,
    secret_hash BYTEA NOT NULL CONSTRAINT uq_sessions_secret_hash UNIQUE,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    totp_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_sessions_staff_id ON sessions (staff_id);

CREATE TABLE sign_in_attempts (
    email_hash BYTEA CONSTRAINT pk_sign_in_attempts PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE clients (
    id UUID CONSTRAINT pk_clients PRIMARY KEY,
    client_id VARCHAR NOT NULL CONSTRAINT uq_clients_client_id UNIQUE,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    agency VARCHAR,
    state VARCHAR NOT NULL
        CONSTRAINT ck_clients_state CHECK (state IN ('pending', 'active', 'refused', 'deactivated')),
    secret_hash BYTEA,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT ck_clients_agency CHECK ((role = 'state_agency') = (agency IS NOT NULL))
);
"""


def upgrade() -> None:
    install_kit()
    run(TABLES)
