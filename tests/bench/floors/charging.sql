-- The rows that a charging writes, inserted as they are, from a copy, by two columns' worth of keys.
DROP SCHEMA IF EXISTS floor CASCADE;
CREATE SCHEMA floor;
CREATE TABLE floor.charges (id uuid, booked_on date, run_id uuid, member_id uuid, organisation_id uuid, period text,
    scheme text, wage_minor bigint, additional_dependants smallint, risk_class text, total_minor bigint,
    currency text, due_on date, PRIMARY KEY (id, booked_on));
CREATE INDEX ON floor.charges (member_id);
CREATE TABLE floor.charge_lines (id bigint GENERATED ALWAYS AS IDENTITY, booked_on date, charge_id uuid, line text,
    base_minor bigint, rate numeric, amount_minor bigint, PRIMARY KEY (id, booked_on));
CREATE INDEX ON floor.charge_lines (charge_id);
CREATE TABLE floor.dues (LIKE dues INCLUDING INDEXES);
CREATE TABLE floor.ledger_entries (id bigint GENERATED ALWAYS AS IDENTITY, booked_on date, booked_at timestamptz,
    kind text, debit_account text, credit_account text, member_id uuid, amount_minor bigint, currency text,
    source_id uuid, reverses_id bigint, xid xid8, PRIMARY KEY (id, booked_on));
CREATE INDEX ON floor.ledger_entries (member_id);
CREATE INDEX ON floor.ledger_entries (source_id);
CREATE INDEX ON floor.ledger_entries (xid);
CREATE TABLE floor.outbox (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id uuid, name text,
    occurred_at timestamptz, request_id text, data json, number bigint);
-- timed
INSERT INTO floor.charges SELECT * FROM charges;
INSERT INTO floor.charge_lines (booked_on, charge_id, line, base_minor, rate, amount_minor)
    SELECT booked_on, charge_id, line, base_minor, rate, amount_minor FROM charge_lines;
INSERT INTO floor.dues SELECT * FROM dues;
INSERT INTO floor.ledger_entries (booked_on, booked_at, kind, debit_account, credit_account, member_id, amount_minor,
                                  currency, source_id, reverses_id, xid)
    SELECT booked_on, booked_at, kind, debit_account, credit_account, member_id, amount_minor, currency, source_id,
           reverses_id, xid FROM ledger_entries;
INSERT INTO floor.outbox (id, name, occurred_at, request_id, data)
    SELECT id, name, occurred_at, request_id, data FROM outbox;
