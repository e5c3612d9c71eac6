"""Organisations, members with documents and families, authorisations, imports of rosters."""

from services.kit.migrations import install_kit, run
from services.kit.schema import append_only

revision = "2026_11_22_first"
down_revision = None

ORGANISATIONS = """
CREATE TABLE organisations (
    id UUID CONSTRAINT pk_organisations PRIMARY KEY,
    version BIGINT NOT NULL,
    parent_id UUID CONSTRAINT fk_organisations_parent_id REFERENCES organisations (id),
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT ck_organisations_kind
        CHECK (kind IN ('federation', 'union', 'association', 'guild', 'cooperative', 'group')),
    CONSTRAINT ck_organisations_parent CHECK (parent_id <> id)
);
CREATE UNIQUE INDEX uq_organisations_name ON organisations (parent_id, lower(name)) NULLS NOT DISTINCT;

CREATE TABLE authorisations (
    id UUID CONSTRAINT pk_authorisations PRIMARY KEY,
    version BIGINT NOT NULL,
    state VARCHAR NOT NULL,
    issuer VARCHAR NOT NULL,
    number VARCHAR NOT NULL,
    scheme VARCHAR NOT NULL,
    employer_number VARCHAR NOT NULL,
    payroll_codes TEXT[] NOT NULL,
    minimum_wage_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    infotep BOOLEAN NOT NULL,
    issued_on DATE NOT NULL,
    valid_from DATE NOT NULL,
    expires_on DATE,
    proposed_by UUID NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    put_in_force_by UUID,
    CONSTRAINT ck_authorisations_state CHECK (state IN ('proposed', 'in_force', 'refused')),
    CONSTRAINT ck_authorisations_minimum_wage CHECK (minimum_wage_minor > 0),
    CONSTRAINT ck_authorisations_dates CHECK (expires_on >= valid_from),
    CONSTRAINT ck_authorisations_two_people CHECK (put_in_force_by <> proposed_by),
    CONSTRAINT ck_authorisations_put_in_force CHECK ((state = 'in_force') = (put_in_force_by IS NOT NULL))
);
CREATE UNIQUE INDEX uq_authorisations_number ON authorisations (issuer, number) WHERE state <> 'refused';
"""

# No foreign key to organisations: a bulk of members would share-lock one organisation's row, and the
# runtime role cannot delete any. `name_keys` is searched as a tsvector because only that knows prefixes;
# with fastupdate every search would first read through the list of who was added lately.
MEMBERS = """
CREATE SEQUENCE member_numbers START 100001;

CREATE TABLE members (
    id UUID CONSTRAINT pk_members PRIMARY KEY,
    version BIGINT NOT NULL DEFAULT 1,
    member_number BIGINT NOT NULL DEFAULT nextval('member_numbers'),
    organisation_id UUID NOT NULL,
    state VARCHAR NOT NULL DEFAULT 'applicant',
    given_names VARCHAR NOT NULL,
    first_surname VARCHAR NOT NULL,
    second_surname VARCHAR NOT NULL DEFAULT '',
    name_keys TEXT[] NOT NULL,
    sex VARCHAR NOT NULL,
    birth_date DATE NOT NULL,
    phone VARCHAR,
    phone_needs_review BOOLEAN NOT NULL DEFAULT false,
    language VARCHAR NOT NULL,
    occupation VARCHAR NOT NULL,
    risk_class VARCHAR NOT NULL,
    declared_wage_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    identity_verified BOOLEAN NOT NULL DEFAULT false,
    enrolled_at TIMESTAMPTZ,
    registered_by UUID NOT NULL,
    content_by UUID NOT NULL,
    registered_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    import_id UUID,
    import_line INTEGER,
    CONSTRAINT ck_members_state CHECK (state IN ('applicant', 'active', 'out')),
    CONSTRAINT ck_members_sex CHECK (sex IN ('M', 'F')),
    CONSTRAINT ck_members_declared_wage CHECK (declared_wage_minor > 0),
    CONSTRAINT ck_members_enrolled CHECK (state = 'applicant' OR enrolled_at IS NOT NULL),
    CONSTRAINT ck_members_applicant CHECK (state <> 'applicant' OR NOT identity_verified)
);
CREATE UNIQUE INDEX uq_members_member_number ON members (member_number);
CREATE INDEX ix_members_organisation_id ON members (organisation_id, id);
CREATE INDEX ix_members_phone ON members (phone) WHERE phone IS NOT NULL;
CREATE INDEX ix_members_unverified ON members (id) WHERE NOT identity_verified;
CREATE INDEX ix_members_out ON members (id) WHERE state = 'out';
CREATE INDEX ix_members_phone_needs_review ON members (id) WHERE phone_needs_review;
CREATE INDEX ix_members_import_id ON members (import_id, id) WHERE import_id IS NOT NULL;
CREATE INDEX ix_members_name_keys ON members USING gin (array_to_tsvector(name_keys))
    WITH (fastupdate = off);

CREATE TABLE identity_documents (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_identity_documents PRIMARY KEY,
    member_id UUID NOT NULL CONSTRAINT fk_identity_documents_member_id REFERENCES members (id),
    type VARCHAR NOT NULL,
    number VARCHAR NOT NULL,
    override_reason VARCHAR,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    retired_at TIMESTAMPTZ,
    CONSTRAINT ck_identity_documents_type CHECK (type IN ('C', 'N', 'P', 'R', 'U', 'O'))
);
CREATE UNIQUE INDEX uq_identity_documents_number ON identity_documents (number, type)
    WHERE retired_at IS NULL;
CREATE INDEX ix_identity_documents_retired ON identity_documents (number) WHERE retired_at IS NOT NULL;
CREATE INDEX ix_identity_documents_member_id ON identity_documents (member_id);

CREATE TABLE aliases (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_aliases PRIMARY KEY,
    member_id UUID NOT NULL CONSTRAINT fk_aliases_member_id REFERENCES members (id),
    given_names VARCHAR NOT NULL,
    first_surname VARCHAR NOT NULL,
    second_surname VARCHAR NOT NULL,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX ix_aliases_member_id ON aliases (member_id);

CREATE TABLE agreements (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_agreements PRIMARY KEY,
    member_id UUID NOT NULL CONSTRAINT fk_agreements_member_id REFERENCES members (id),
    kind VARCHAR NOT NULL,
    given_on DATE NOT NULL,
    text_version VARCHAR NOT NULL,
    withdrawn_on DATE,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT ck_agreements_kind CHECK (kind IN ('mandate', 'consent')),
    CONSTRAINT ck_agreements_dates CHECK (withdrawn_on >= given_on)
);
CREATE INDEX ix_agreements_member_id ON agreements (member_id);

CREATE TABLE dependants (
    id UUID CONSTRAINT pk_dependants PRIMARY KEY,
    member_id UUID NOT NULL CONSTRAINT fk_dependants_member_id REFERENCES members (id),
    relation VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    given_names VARCHAR NOT NULL,
    first_surname VARCHAR NOT NULL,
    second_surname VARCHAR NOT NULL DEFAULT '',
    sex VARCHAR NOT NULL,
    birth_date DATE NOT NULL,
    document_type VARCHAR,
    document_number VARCHAR,
    ended_on DATE,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT ck_dependants_kind CHECK (kind IN ('direct', 'additional')),
    CONSTRAINT ck_dependants_sex CHECK (sex IN ('M', 'F')),
    CONSTRAINT ck_dependants_document CHECK ((document_type IS NULL) = (document_number IS NULL))
);
CREATE INDEX ix_dependants_member_id ON dependants (member_id);
CREATE UNIQUE INDEX uq_dependants_document ON dependants (member_id, document_number, document_type)
    WHERE document_number IS NOT NULL AND ended_on IS NULL;

CREATE TABLE verifications (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_verifications PRIMARY KEY,
    member_id UUID NOT NULL CONSTRAINT fk_verifications_member_id REFERENCES members (id),
    member_version BIGINT NOT NULL,
    registered_by UUID NOT NULL,
    content_by UUID NOT NULL,
    verified_by UUID NOT NULL,
    verified_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT ck_verifications_two_people
        CHECK (verified_by <> registered_by AND verified_by <> content_by)
);
CREATE INDEX ix_verifications_member_id ON verifications (member_id);
"""

IMPORTS = """
CREATE TABLE imports (
    id UUID CONSTRAINT pk_imports PRIMARY KEY,
    organisation_id UUID,
    roots UUID[],
    mode VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    filename VARCHAR NOT NULL,
    sha256 BYTEA NOT NULL,
    size_bytes BIGINT NOT NULL,
    rows_expected INTEGER,
    rows_read INTEGER NOT NULL,
    rows_bad INTEGER NOT NULL,
    members_written INTEGER NOT NULL,
    dependants_written INTEGER NOT NULL,
    members_verified INTEGER NOT NULL,
    last_line INTEGER NOT NULL,
    problem JSONB,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    touched_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    finished_at TIMESTAMPTZ,
    verified_by UUID,
    verified_at TIMESTAMPTZ,
    CONSTRAINT ck_imports_mode CHECK (mode IN ('dry_run', 'good_rows', 'all_or_none')),
    CONSTRAINT ck_imports_state CHECK (state IN ('waiting', 'checking', 'writing', 'done', 'failed')),
    CONSTRAINT ck_imports_two_people CHECK (verified_by <> requested_by)
);
CREATE INDEX ix_imports_state ON imports (state);

CREATE TABLE import_pieces (
    import_id UUID NOT NULL,
    position INTEGER NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_import_pieces PRIMARY KEY (import_id, position)
);
ALTER TABLE import_pieces ALTER content SET STORAGE EXTERNAL;

CREATE TABLE import_errors (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_import_errors PRIMARY KEY,
    import_id UUID NOT NULL,
    line INTEGER NOT NULL,
    "column" VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    reason VARCHAR NOT NULL
);
CREATE INDEX ix_import_errors_import_id ON import_errors (import_id, id);

CREATE TABLE imported_keys (
    import_id UUID NOT NULL,
    key VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    CONSTRAINT pk_imported_keys PRIMARY KEY (import_id, key)
);

CREATE TABLE waiting_dependants (
    import_id UUID NOT NULL,
    line INTEGER NOT NULL,
    id UUID NOT NULL,
    member_document VARCHAR NOT NULL,
    member_written VARCHAR NOT NULL,
    given_names VARCHAR NOT NULL,
    first_surname VARCHAR NOT NULL,
    second_surname VARCHAR NOT NULL,
    sex VARCHAR NOT NULL,
    birth_date DATE NOT NULL,
    relation VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    document_type VARCHAR,
    document_number VARCHAR,
    CONSTRAINT pk_waiting_dependants PRIMARY KEY (import_id, line)
);
"""


def upgrade() -> None:
    install_kit()
    run(ORGANISATIONS)
    run(MEMBERS)
    run(append_only("verifications"))
    run(IMPORTS)
