"""Members, charges, payments, books and bank statements."""

from services.kit.migrations import install_kit, run
from services.kit.schema import append_only

revision = "2026_11_22_first"
down_revision = None

TABLES = """
CREATE TABLE members (
    id UUID CONSTRAINT pk_members PRIMARY KEY,
    version BIGINT NOT NULL,
    member_number VARCHAR NOT NULL,
    organisation_id UUID NOT NULL,
    state VARCHAR NOT NULL,
    given_names VARCHAR NOT NULL,
    first_surname VARCHAR NOT NULL,
    second_surname VARCHAR NOT NULL,
    sex VARCHAR NOT NULL,
    birth_date DATE NOT NULL,
    document_type VARCHAR NOT NULL,
    document_number VARCHAR NOT NULL,
    phone VARCHAR,
    declared_wage_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    risk_class VARCHAR NOT NULL,
    additional_dependants INTEGER NOT NULL,
    has_mandate BOOLEAN NOT NULL,
    identity_verified BOOLEAN NOT NULL
);
CREATE INDEX ix_members_active ON members (id) WHERE state = 'active';
CREATE INDEX ix_members_document_number ON members (document_number);
CREATE INDEX ix_members_member_number ON members (member_number);
CREATE INDEX ix_members_phone ON members (phone) WHERE phone IS NOT NULL;
CREATE INDEX ix_members_organisation_id ON members (organisation_id);

CREATE TABLE member_accounts (
    member_id UUID CONSTRAINT pk_member_accounts PRIMARY KEY,
    currency VARCHAR(3) NOT NULL,
    credit_minor BIGINT NOT NULL DEFAULT 0 CONSTRAINT ck_member_accounts_credit CHECK (credit_minor >= 0)
) WITH (fillfactor = 70);

CREATE TABLE authorisations (
    id UUID CONSTRAINT pk_authorisations PRIMARY KEY,
    version BIGINT NOT NULL,
    state VARCHAR NOT NULL,
    scheme VARCHAR NOT NULL,
    employer_number VARCHAR NOT NULL,
    payroll_codes VARCHAR[] NOT NULL,
    minimum_wage_minor BIGINT,
    currency VARCHAR(3) NOT NULL,
    infotep BOOLEAN NOT NULL,
    valid_from DATE NOT NULL,
    expires_on DATE
);

CREATE TABLE charge_runs (
    id UUID CONSTRAINT pk_charge_runs PRIMARY KEY,
    period VARCHAR(7) NOT NULL,
    scheme VARCHAR NOT NULL,
    booked_on DATE NOT NULL,
    due_on DATE NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_charge_runs_state CHECK (state IN ('running', 'done', 'failed')),
    members_total INTEGER NOT NULL,
    members_charged INTEGER NOT NULL,
    total_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    last_member_id UUID,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    finished_at TIMESTAMPTZ,
    CONSTRAINT uq_charge_runs_period_scheme UNIQUE (period, scheme)
);

CREATE TABLE charges (
    id UUID NOT NULL,
    booked_on DATE NOT NULL,
    run_id UUID NOT NULL,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    period VARCHAR(7) NOT NULL,
    scheme VARCHAR NOT NULL,
    wage_minor BIGINT NOT NULL,
    additional_dependants SMALLINT NOT NULL,
    risk_class VARCHAR NOT NULL,
    total_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    due_on DATE NOT NULL,
    CONSTRAINT pk_charges PRIMARY KEY (id, booked_on)
) PARTITION BY RANGE (booked_on);
CREATE INDEX ix_charges_member_id ON charges (member_id);

CREATE TABLE charge_lines (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    booked_on DATE NOT NULL,
    charge_id UUID NOT NULL,
    line VARCHAR NOT NULL,
    base_minor BIGINT NOT NULL,
    rate NUMERIC,
    amount_minor BIGINT NOT NULL,
    CONSTRAINT pk_charge_lines PRIMARY KEY (id, booked_on)
) PARTITION BY RANGE (booked_on);
CREATE INDEX ix_charge_lines_charge_id ON charge_lines (charge_id);

CREATE TABLE dues (
    member_id UUID NOT NULL,
    period VARCHAR(7) NOT NULL,
    fund VARCHAR NOT NULL CONSTRAINT ck_dues_fund CHECK (fund IN ('contributions', 'fees')),
    sequence SMALLINT NOT NULL,
    charge_id UUID NOT NULL,
    booked_on DATE NOT NULL,
    organisation_id UUID NOT NULL,
    rank SMALLINT NOT NULL,
    total_minor BIGINT NOT NULL,
    settled_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    due_on DATE NOT NULL,
    settled_on DATE,
    state VARCHAR NOT NULL CONSTRAINT ck_dues_state CHECK (state IN ('open', 'lapsed')),
    CONSTRAINT pk_dues PRIMARY KEY (member_id, period, fund, sequence),
    CONSTRAINT ck_dues_settled CHECK (settled_minor BETWEEN 0 AND total_minor)
) WITH (fillfactor = 70);
CREATE INDEX ix_dues_period ON dues (period, fund);

CREATE SEQUENCE receipt_numbers;
CREATE TABLE payments (
    id UUID CONSTRAINT pk_payments PRIMARY KEY,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    channel VARCHAR NOT NULL,
    reference VARCHAR,
    debit_account VARCHAR NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_payments_positive CHECK (amount_minor > 0),
    credit_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    value_on DATE NOT NULL,
    booked_on DATE NOT NULL,
    receipt_number BIGINT NOT NULL DEFAULT nextval('receipt_numbers'),
    check_code VARCHAR NOT NULL,
    taken_by UUID NOT NULL,
    posted_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT ck_payments_credit CHECK (credit_minor BETWEEN 0 AND amount_minor)
);
CREATE INDEX ix_payments_member_id ON payments (member_id);
CREATE UNIQUE INDEX ix_payments_receipt_number ON payments (receipt_number);
CREATE UNIQUE INDEX ix_payments_check_code ON payments (check_code);
CREATE UNIQUE INDEX ix_payments_reference ON payments (channel, reference) WHERE reference IS NOT NULL;

CREATE TABLE allocations (
    id BIGINT GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_allocations PRIMARY KEY,
    source VARCHAR NOT NULL,
    source_id UUID NOT NULL,
    member_id UUID NOT NULL,
    period VARCHAR(7) NOT NULL,
    fund VARCHAR NOT NULL,
    sequence SMALLINT NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_allocations_amount CHECK (amount_minor <> 0),
    value_on DATE NOT NULL,
    allocated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
CREATE INDEX ix_allocations_source_id ON allocations (source_id);
CREATE INDEX ix_allocations_member_id ON allocations (member_id, period);

CREATE TABLE payment_reversals (
    payment_id UUID CONSTRAINT pk_payment_reversals PRIMARY KEY,
    id UUID NOT NULL,
    reason VARCHAR NOT NULL,
    debt_minor BIGINT NOT NULL,
    approval_id UUID NOT NULL,
    booked_on DATE NOT NULL,
    reversed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE bank_statements (
    id UUID CONSTRAINT pk_bank_statements PRIMARY KEY,
    account VARCHAR NOT NULL,
    profile VARCHAR NOT NULL,
    currency VARCHAR(3) NOT NULL,
    file_name VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    content BYTEA NOT NULL,
    booked_on DATE NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_bank_statements_state CHECK (state IN ('running', 'done',
    'refused')), refusal VARCHAR, first_on DATE, last_on DATE, lines_total INTEGER NOT NULL,
    lines_done INTEGER NOT NULL, lines_known INTEGER NOT NULL, lines_posted INTEGER NOT NULL,
    lines_suspense INTEGER NOT NULL, lines_benefit INTEGER NOT NULL, lines_outgoing INTEGER NOT
    NULL, lines_rejected INTEGER NOT NULL, uploaded_by UUID NOT NULL, uploaded_at TIMESTAMPTZ NOT
    NULL DEFAULT now()
);

CREATE TABLE bank_lines (
    id UUID CONSTRAINT pk_bank_lines PRIMARY KEY,
    statement_id UUID NOT NULL,
    account VARCHAR NOT NULL,
    fingerprint BYTEA NOT NULL,
    occurrence SMALLINT NOT NULL,
    line_number INTEGER NOT NULL,
    value_on DATE NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_bank_lines_amount CHECK (amount_minor <> 0),
    currency VARCHAR(3) NOT NULL,
    reference VARCHAR NOT NULL,
    description VARCHAR NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_bank_lines_state CHECK (
        state IN ('new', 'posted', 'suspense', 'settled', 'benefit', 'outgoing', 'remittance')),
    matched_by VARCHAR,
    member_id UUID,
    payment_id UUID,
    CONSTRAINT uq_bank_lines_account_fingerprint_occurrence UNIQUE (account, fingerprint, occurrence)
);
CREATE INDEX ix_bank_lines_waiting ON bank_lines (state, id) WHERE state IN ('suspense', 'outgoing');
CREATE INDEX ix_bank_lines_statement_id ON bank_lines (statement_id);
CREATE INDEX ix_bank_lines_new ON bank_lines (statement_id, line_number) WHERE state = 'new';

CREATE TABLE declarations (
    id UUID CONSTRAINT pk_declarations PRIMARY KEY,
    agency VARCHAR NOT NULL,
    period VARCHAR(7) NOT NULL,
    process VARCHAR NOT NULL,
    scheme VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    employer_number VARCHAR NOT NULL,
    payroll_code VARCHAR NOT NULL,
    cut_off_on DATE NOT NULL,
    statements_through DATE,
    state VARCHAR NOT NULL CONSTRAINT ck_declarations_state CHECK (
        state IN ('drawing', 'drawn', 'filed', 'accepted', 'void')),
    candidates INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    left_out INTEGER NOT NULL,
    total_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    sha256 VARCHAR,
    file_name VARCHAR NOT NULL,
    last_member_id UUID,
    drawn_by UUID NOT NULL,
    drawn_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    filed_by UUID,
    filed_at TIMESTAMPTZ,
    accepted_at TIMESTAMPTZ,
    acceptance_reference VARCHAR
);
CREATE UNIQUE INDEX ix_declarations_standing ON declarations (agency, period, process) WHERE state <> 'void';

CREATE TABLE declaration_lines (
    declaration_id UUID NOT NULL,
    line_number INTEGER NOT NULL,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    charge_id UUID NOT NULL,
    charge_booked_on DATE NOT NULL,
    document_type VARCHAR NOT NULL,
    document_number VARCHAR NOT NULL,
    wage_minor BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    stem VARCHAR NOT NULL,
    CONSTRAINT pk_declaration_lines PRIMARY KEY (declaration_id, line_number),
    CONSTRAINT uq_declaration_lines_document
        UNIQUE (declaration_id, document_type, document_number)
);
CREATE INDEX ix_declaration_lines_member_id ON declaration_lines (member_id);

CREATE TABLE left_outs (
    declaration_id UUID NOT NULL,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    charge_id UUID NOT NULL,
    reason VARCHAR NOT NULL,
    detail VARCHAR,
    CONSTRAINT pk_left_outs PRIMARY KEY (declaration_id, member_id)
);

CREATE TABLE bank_line_rejections (
    statement_id UUID NOT NULL,
    line_number INTEGER NOT NULL,
    "column" VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    CONSTRAINT pk_bank_line_rejections PRIMARY KEY (statement_id, line_number)
);
"""

APPEND_ONLY = (
    "charges",
    "charge_lines",
    "payments",
    "allocations",
    "payment_reversals",
    "declaration_lines",
    "left_outs",
)


def upgrade() -> None:
    install_kit(ledger=True)
    run(TABLES)
    for table in APPEND_ONLY:
        run(append_only(table))
