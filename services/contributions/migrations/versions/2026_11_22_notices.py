"""Payment notices, remittances, coverage, and the closing of periods."""

from services.kit.migrations import run
from services.kit.schema import append_only

revision = "2026_11_22_notices"
down_revision = "2026_11_22_first"

TABLES = """
CREATE TABLE notices (
    id UUID CONSTRAINT pk_notices PRIMARY KEY,
    agency VARCHAR NOT NULL,
    reference VARCHAR NOT NULL,
    type VARCHAR NOT NULL CONSTRAINT ck_notices_type CHECK (type IN ('AM', 'AR', 'audit')),
    declaration_id UUID NOT NULL,
    period VARCHAR(7) NOT NULL,
    issued_on DATE NOT NULL,
    due_on DATE NOT NULL,
    currency VARCHAR(3) NOT NULL,
    total_minor BIGINT NOT NULL,
    late_charge_minor BIGINT NOT NULL,
    credits_minor BIGINT NOT NULL,
    lines INTEGER NOT NULL,
    lines_minor BIGINT NOT NULL,
    branches VARCHAR[] NOT NULL,
    sha256 BYTEA NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_notices_state CHECK (state IN ('aside', 'comparing', 'compared')),
    aside_because VARCHAR,
    aside_detail VARCHAR,
    declared_minor BIGINT NOT NULL,
    dependants_minor BIGINT NOT NULL,
    shortfall_minor BIGINT NOT NULL,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    compared_at TIMESTAMPTZ,
    CONSTRAINT ck_notices_aside CHECK ((state = 'aside') = (aside_because IS NOT NULL)),
    CONSTRAINT ck_notices_amounts CHECK (
        total_minor > 0 AND late_charge_minor >= 0 AND credits_minor >= 0 AND shortfall_minor >= 0),
    CONSTRAINT ck_notices_total CHECK (
        state = 'aside' OR total_minor = lines_minor + late_charge_minor - credits_minor)
);
CREATE UNIQUE INDEX ix_notices_reference ON notices (reference) WHERE state <> 'aside';
CREATE UNIQUE INDEX ix_notices_declaration_id ON notices (declaration_id)
    WHERE state <> 'aside' AND type <> 'audit';
CREATE INDEX ix_notices_period ON notices (period);

CREATE TABLE notice_lines (
    notice_id UUID NOT NULL,
    line_number INTEGER NOT NULL,
    document_type VARCHAR NOT NULL,
    document_number VARCHAR NOT NULL,
    wage_minor BIGINT NOT NULL,
    amounts_minor BIGINT[] NOT NULL,
    amount_minor BIGINT NOT NULL,
    CONSTRAINT pk_notice_lines PRIMARY KEY (notice_id, line_number)
);

CREATE TABLE notice_differences (
    id UUID CONSTRAINT pk_notice_differences PRIMARY KEY,
    notice_id UUID NOT NULL,
    line_number INTEGER,
    member_id UUID,
    organisation_id UUID,
    charge_id UUID,
    branch VARCHAR,
    reason VARCHAR NOT NULL CONSTRAINT ck_notice_differences_reason CHECK (
        reason IN ('rounding', 'floor', 'missing', 'unknown', 'late_charge', 'credit', 'other')),
    collected_minor BIGINT NOT NULL,
    declared_minor BIGINT NOT NULL,
    billed_minor BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_notice_differences_state CHECK (state IN ('open', 'explained')),
    explanation_id UUID,
    CONSTRAINT ck_notice_differences_amount CHECK (
        amount_minor <> 0 AND amount_minor = billed_minor - declared_minor),
    CONSTRAINT ck_notice_differences_explained CHECK (state = 'explained' OR explanation_id IS NULL),
    CONSTRAINT ck_notice_differences_words CHECK (
        reason NOT IN ('missing', 'unknown', 'other') OR state = 'open' OR explanation_id IS NOT NULL)
);
CREATE INDEX ix_notice_differences_notice_id ON notice_differences (notice_id, id);
CREATE INDEX ix_notice_differences_open ON notice_differences (notice_id) WHERE state = 'open';

CREATE TABLE notice_explanations (
    id UUID CONSTRAINT pk_notice_explanations PRIMARY KEY,
    notice_id UUID NOT NULL,
    reason VARCHAR NOT NULL CONSTRAINT ck_notice_explanations_reason CHECK (
        reason IN ('missing', 'unknown', 'other')),
    member_id UUID,
    words VARCHAR NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_notice_explanations_state CHECK (
        state IN ('pending', 'explained', 'refused')),
    differences INTEGER NOT NULL,
    amount_minor BIGINT NOT NULL,
    given_by UUID NOT NULL,
    given_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX ix_notice_explanations_notice_id ON notice_explanations (notice_id);

CREATE TABLE remittances (
    id UUID CONSTRAINT pk_remittances PRIMARY KEY,
    notice_id UUID NOT NULL,
    period VARCHAR(7) NOT NULL,
    account VARCHAR NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_remittances_amount CHECK (amount_minor > 0),
    currency VARCHAR(3) NOT NULL,
    shortfall_account VARCHAR,
    shortfall_minor BIGINT NOT NULL,
    advance_minor BIGINT NOT NULL,
    due_on DATE NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_remittances_state CHECK (
        state IN ('pending', 'ordered', 'confirmed', 'returned', 'refused')),
    asked_by UUID NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    ordered_by UUID,
    ordered_at TIMESTAMPTZ,
    bank_line_id UUID,
    confirmed_on DATE,
    matched_by VARCHAR,
    CONSTRAINT ck_remittances_funded CHECK (
        shortfall_minor >= 0 AND advance_minor >= 0
        AND (shortfall_account IS NOT NULL OR shortfall_minor + advance_minor = 0)),
    CONSTRAINT ck_remittances_evidence CHECK (
        (bank_line_id IS NULL) = (confirmed_on IS NULL)
        AND (state <> 'confirmed' OR bank_line_id IS NOT NULL)),
    CONSTRAINT ck_remittances_ordered CHECK (
        state IN ('pending', 'refused') = (ordered_by IS NULL))
);
CREATE UNIQUE INDEX ix_remittances_standing ON remittances (notice_id)
    WHERE state IN ('pending', 'ordered', 'confirmed');
CREATE UNIQUE INDEX ix_remittances_bank_line_id ON remittances (bank_line_id);
CREATE INDEX ix_remittances_ordered ON remittances (account) WHERE state = 'ordered';
CREATE INDEX ix_remittances_period ON remittances (period);

CREATE TABLE remittance_returns (
    id UUID CONSTRAINT pk_remittance_returns PRIMARY KEY,
    remittance_id UUID NOT NULL,
    bank_line_id UUID,
    reason VARCHAR NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_remittance_returns_state CHECK (
        state IN ('pending', 'returned', 'refused')),
    asked_by UUID NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    returned_on DATE,
    CONSTRAINT ck_remittance_returns_returned CHECK ((state = 'returned') = (returned_on IS NOT NULL))
);
CREATE UNIQUE INDEX ix_remittance_returns_standing ON remittance_returns (remittance_id)
    WHERE state <> 'refused';
CREATE UNIQUE INDEX ix_remittance_returns_bank_line_id ON remittance_returns (bank_line_id)
    WHERE state <> 'refused';

CREATE TABLE fundings (
    id UUID CONSTRAINT pk_fundings PRIMARY KEY,
    bank_line_id UUID NOT NULL,
    account VARCHAR NOT NULL,
    amount_minor BIGINT NOT NULL CONSTRAINT ck_fundings_amount CHECK (amount_minor > 0),
    currency VARCHAR(3) NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_fundings_state CHECK (state IN ('pending', 'funded', 'refused')),
    asked_by UUID NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    funded_on DATE,
    CONSTRAINT ck_fundings_funded CHECK ((state = 'funded') = (funded_on IS NOT NULL))
);
CREATE UNIQUE INDEX ix_fundings_bank_line_id ON fundings (bank_line_id) WHERE state <> 'refused';
CREATE INDEX ix_fundings_account ON fundings (account) WHERE state = 'funded';

CREATE TABLE coverages (
    member_id UUID NOT NULL,
    period VARCHAR(7) NOT NULL,
    organisation_id UUID NOT NULL,
    notice_id UUID NOT NULL,
    remittance_id UUID NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_coverages_state CHECK (state IN ('covered', 'withdrawn')),
    covered_until DATE NOT NULL,
    granted_on DATE NOT NULL,
    withdrawn_on DATE,
    withdrawn_because VARCHAR,
    CONSTRAINT pk_coverages PRIMARY KEY (member_id, period),
    CONSTRAINT ck_coverages_withdrawn CHECK ((state = 'withdrawn') = (withdrawn_on IS NOT NULL))
) WITH (fillfactor = 90);
CREATE INDEX ix_coverages_period ON coverages (period, member_id);

CREATE TABLE coverage_runs (
    remittance_id UUID NOT NULL,
    kind VARCHAR NOT NULL CONSTRAINT ck_coverage_runs_kind CHECK (kind IN ('grant', 'withdraw')),
    state VARCHAR NOT NULL CONSTRAINT ck_coverage_runs_state CHECK (state IN ('running', 'done')),
    lines_total INTEGER NOT NULL,
    lines_done INTEGER NOT NULL,
    members INTEGER NOT NULL,
    last_member_id UUID,
    CONSTRAINT pk_coverage_runs PRIMARY KEY (remittance_id, kind)
);

CREATE TABLE period_closings (
    id UUID CONSTRAINT pk_period_closings PRIMARY KEY,
    period VARCHAR(7) NOT NULL,
    state VARCHAR NOT NULL CONSTRAINT ck_period_closings_state CHECK (
        state IN ('pending', 'closed', 'refused')),
    declared_minor BIGINT NOT NULL,
    billed_minor BIGINT NOT NULL,
    remitted_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    asked_by UUID NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    closed_by UUID,
    closed_at TIMESTAMPTZ,
    CONSTRAINT ck_period_closings_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX ix_period_closings_standing ON period_closings (period) WHERE state <> 'refused';
"""

APPEND_ONLY = ("notice_lines",)


def upgrade() -> None:
    run(TABLES)
    for table in APPEND_ONLY:
        run(append_only(table))
