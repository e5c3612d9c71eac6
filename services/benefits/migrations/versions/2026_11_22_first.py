"""Members, cases, disbursements, fundings, payouts, their ways out and back, and the books."""

from services.kit.migrations import install_kit, run
from services.kit.schema import append_only

revision = "2026_11_22_first"
down_revision = None

TABLES = """
CREATE TABLE cases (
    id UUID NOT NULL,
    agency VARCHAR NOT NULL,
    case_number VARCHAR NOT NULL,
    benefit VARCHAR NOT NULL,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    cause_on DATE,
    from_on DATE,
    until_on DATE,
    opened_by UUID,
    opened_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_cases PRIMARY KEY (id),
    CONSTRAINT uq_cases_agency_case_number UNIQUE (agency, case_number),
    CONSTRAINT ck_cases_dates CHECK (until_on IS NULL OR from_on <= until_on)
);
CREATE INDEX ix_cases_member_id ON cases (member_id);

CREATE TABLE fundings (
    id UUID NOT NULL,
    bank_line_id UUID NOT NULL,
    reference VARCHAR NOT NULL,
    reference_key VARCHAR NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    value_on DATE NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_fundings PRIMARY KEY (id),
    CONSTRAINT ck_fundings_positive CHECK (amount_minor > 0)
);
CREATE UNIQUE INDEX ix_fundings_bank_line_id ON fundings (bank_line_id);
CREATE INDEX ix_fundings_reference_key ON fundings (reference_key);

CREATE TABLE members (
    id UUID NOT NULL,
    version BIGINT NOT NULL,
    member_number VARCHAR NOT NULL,
    organisation_id UUID NOT NULL,
    state VARCHAR NOT NULL,
    given_names VARCHAR NOT NULL,
    first_surname VARCHAR NOT NULL,
    second_surname VARCHAR NOT NULL,
    document_type VARCHAR NOT NULL,
    document_number VARCHAR NOT NULL,
    CONSTRAINT pk_members PRIMARY KEY (id)
);
CREATE INDEX ix_members_document ON members (document_type, document_number);
CREATE INDEX ix_members_organisation_id ON members (organisation_id);

CREATE TABLE payout_accounts (
    id UUID NOT NULL,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    holder_name VARCHAR NOT NULL,
    bic VARCHAR NOT NULL,
    account_sealed VARCHAR NOT NULL,
    account_hint VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    in_force_at TIMESTAMPTZ,
    CONSTRAINT pk_payout_accounts PRIMARY KEY (id),
    CONSTRAINT ck_payout_accounts_state CHECK (state IN ('pending', 'in_force', 'replaced', 'refused'))
);
CREATE UNIQUE INDEX ix_payout_accounts_in_force ON payout_accounts (member_id) WHERE state = 'in_force';
CREATE INDEX ix_payout_accounts_member_id ON payout_accounts (member_id);

CREATE TABLE disbursements (
    id UUID NOT NULL,
    agency VARCHAR NOT NULL,
    reference VARCHAR NOT NULL,
    benefit VARCHAR NOT NULL,
    currency VARCHAR(3) NOT NULL,
    declared_count INTEGER NOT NULL,
    declared_total_minor BIGINT NOT NULL,
    bank_reference VARCHAR NOT NULL,
    bank_reference_key VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    refused_because VARCHAR,
    item_count INTEGER NOT NULL,
    item_total_minor BIGINT NOT NULL,
    funding_id UUID,
    funded_on DATE,
    announced_by UUID NOT NULL,
    announced_at TIMESTAMPTZ NOT NULL,
    completed_at TIMESTAMPTZ,
    CONSTRAINT pk_disbursements PRIMARY KEY (id),
    CONSTRAINT uq_disbursements_agency_reference UNIQUE (agency, reference),
    CONSTRAINT ck_disbursements_state CHECK (state IN ('announced', 'completed', 'refused')),
    CONSTRAINT ck_disbursements_declared CHECK (declared_count > 0 AND declared_total_minor > 0),
    CONSTRAINT ck_disbursements_within_declared
        CHECK (item_count BETWEEN 0 AND declared_count
               AND item_total_minor BETWEEN 0 AND declared_total_minor),
    CONSTRAINT ck_disbursements_completed
        CHECK (state <> 'completed'
               OR (item_count = declared_count AND item_total_minor = declared_total_minor)),
    CONSTRAINT ck_disbursements_funded CHECK (funding_id IS NULL OR state = 'completed'),
    CONSTRAINT ck_disbursements_funded_on CHECK ((funding_id IS NULL) = (funded_on IS NULL)),
    CONSTRAINT fk_disbursements_funding_id FOREIGN KEY (funding_id) REFERENCES fundings (id)
);
CREATE INDEX ix_disbursements_bank_reference_key ON disbursements (bank_reference_key);
CREATE UNIQUE INDEX ix_disbursements_funding_id ON disbursements (funding_id);

CREATE TABLE bank_orders (
    id UUID NOT NULL,
    disbursement_id UUID NOT NULL,
    line_count INTEGER NOT NULL,
    total_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    execute_on DATE NOT NULL,
    drawn_by UUID NOT NULL,
    drawn_at TIMESTAMPTZ NOT NULL,
    csv_sealed VARCHAR NOT NULL,
    csv_sha256 BYTEA NOT NULL,
    xml_sealed VARCHAR NOT NULL,
    xml_sha256 BYTEA NOT NULL,
    CONSTRAINT pk_bank_orders PRIMARY KEY (id),
    CONSTRAINT ck_bank_orders_positive CHECK (line_count > 0 AND total_minor > 0),
    CONSTRAINT fk_bank_orders_disbursement_id FOREIGN KEY (disbursement_id) REFERENCES disbursements (id)
);
CREATE INDEX ix_bank_orders_disbursement_id ON bank_orders (disbursement_id);

CREATE TABLE items (
    id UUID NOT NULL,
    disbursement_id UUID NOT NULL,
    reference VARCHAR NOT NULL,
    document_type VARCHAR(1) NOT NULL,
    document_number VARCHAR NOT NULL,
    name VARCHAR,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    case_number VARCHAR NOT NULL,
    from_on DATE,
    until_on DATE,
    content_hash BYTEA NOT NULL,
    state VARCHAR NOT NULL,
    quarantined_because VARCHAR,
    received_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_items PRIMARY KEY (id),
    CONSTRAINT uq_items_disbursement_id_reference UNIQUE (disbursement_id, reference),
    CONSTRAINT ck_items_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_items_state CHECK (state IN ('waiting', 'matched', 'quarantined', 'returned')),
    CONSTRAINT ck_items_quarantined CHECK (state <> 'quarantined' OR quarantined_because IS NOT NULL),
    CONSTRAINT fk_items_disbursement_id FOREIGN KEY (disbursement_id) REFERENCES disbursements (id)
);
CREATE INDEX ix_items_case_number ON items (case_number);
CREATE INDEX ix_items_quarantined ON items (document_type, document_number) WHERE state = 'quarantined';

CREATE TABLE payouts (
    id UUID NOT NULL,
    item_id UUID NOT NULL,
    disbursement_id UUID NOT NULL,
    member_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    case_id UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    state VARCHAR NOT NULL,
    channel VARCHAR,
    attempt SMALLINT NOT NULL,
    matched_by UUID,
    matched_at TIMESTAMPTZ NOT NULL,
    releasable_on DATE,
    released_at TIMESTAMPTZ,
    paid_on DATE,
    reason VARCHAR,
    CONSTRAINT pk_payouts PRIMARY KEY (id),
    CONSTRAINT ck_payouts_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_payouts_state
        CHECK (state IN ('matched', 'releasable', 'released', 'ordered', 'paid', 'failed', 'returned')),
    CONSTRAINT ck_payouts_channel CHECK (channel IN ('bank', 'cash')),
    CONSTRAINT ck_payouts_has_channel
        CHECK (state NOT IN ('released', 'ordered', 'paid') OR channel IS NOT NULL),
    CONSTRAINT ck_payouts_paid CHECK ((state = 'paid') = (paid_on IS NOT NULL)),
    CONSTRAINT fk_payouts_item_id FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT fk_payouts_disbursement_id FOREIGN KEY (disbursement_id) REFERENCES disbursements (id),
    CONSTRAINT fk_payouts_case_id FOREIGN KEY (case_id) REFERENCES cases (id)
);
CREATE INDEX ix_payouts_case_id ON payouts (case_id);
CREATE INDEX ix_payouts_disbursement_id ON payouts (disbursement_id, state);
CREATE UNIQUE INDEX ix_payouts_item_id ON payouts (item_id);
CREATE INDEX ix_payouts_member_id ON payouts (member_id);
CREATE INDEX ix_payouts_state ON payouts (state);

CREATE TABLE bank_order_lines (
    reference VARCHAR(35) NOT NULL,
    order_id UUID NOT NULL,
    payout_id UUID NOT NULL,
    amount_minor BIGINT NOT NULL,
    CONSTRAINT pk_bank_order_lines PRIMARY KEY (reference),
    CONSTRAINT fk_bank_order_lines_order_id FOREIGN KEY (order_id) REFERENCES bank_orders (id),
    CONSTRAINT fk_bank_order_lines_payout_id FOREIGN KEY (payout_id) REFERENCES payouts (id)
);
CREATE INDEX ix_bank_order_lines_payout_id ON bank_order_lines (payout_id);

CREATE TABLE cash_codes (
    payout_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    tries SMALLINT NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    expires_on DATE NOT NULL,
    used_at TIMESTAMPTZ,
    CONSTRAINT pk_cash_codes PRIMARY KEY (payout_id),
    CONSTRAINT ck_cash_codes_tries CHECK (tries BETWEEN 0 AND 5),
    CONSTRAINT fk_cash_codes_payout_id FOREIGN KEY (payout_id) REFERENCES payouts (id)
);

CREATE TABLE returns (
    id UUID NOT NULL,
    disbursement_id UUID NOT NULL,
    item_id UUID NOT NULL,
    payout_id UUID,
    amount_minor BIGINT NOT NULL,
    currency VARCHAR(3) NOT NULL,
    reason VARCHAR NOT NULL,
    decided_by UUID NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    sent_reference VARCHAR,
    sent_on DATE,
    sent_by UUID,
    CONSTRAINT pk_returns PRIMARY KEY (id),
    CONSTRAINT ck_returns_positive CHECK (amount_minor > 0),
    CONSTRAINT ck_returns_sent CHECK ((sent_reference IS NULL) = (sent_on IS NULL)),
    CONSTRAINT fk_returns_disbursement_id FOREIGN KEY (disbursement_id) REFERENCES disbursements (id),
    CONSTRAINT fk_returns_item_id FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT fk_returns_payout_id FOREIGN KEY (payout_id) REFERENCES payouts (id)
);
CREATE INDEX ix_returns_disbursement_id ON returns (disbursement_id);
CREATE UNIQUE INDEX ix_returns_item_id ON returns (item_id);

CREATE TABLE confirmations (
    reference VARCHAR(35) NOT NULL,
    outcome VARCHAR NOT NULL,
    bank_reference VARCHAR,
    reason VARCHAR,
    value_on DATE NOT NULL,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT pk_confirmations PRIMARY KEY (reference, outcome),
    CONSTRAINT ck_confirmations_outcome CHECK (outcome IN ('paid', 'failed', 'returned')),
    CONSTRAINT fk_confirmations_reference FOREIGN KEY (reference) REFERENCES bank_order_lines (reference)
);
"""

APPEND_ONLY = ("fundings", "bank_orders", "bank_order_lines", "confirmations")


def upgrade() -> None:
    install_kit(ledger=True)
    run(TABLES)
    for table in APPEND_ONLY:
        run(append_only(table))
