"""What an owner of the databases could do by hand, and which check must name it.

Each statement answers what must stand in the words of the check: an id, a number, a day.
"""

from dataclasses import dataclass
from typing import LiteralString


@dataclass(frozen=True)
class Break:
    """Statements in one part's database; the last one answers what must be named under `title`."""

    invariant: int
    title: str
    part: str
    statements: tuple[LiteralString, ...]

    def __str__(self) -> str:
        return f"{self.invariant}-{self.part}-{self.title}".replace(" ", "_")[:80]


def of(invariant: int, title: str, part: str, *statements: LiteralString) -> Break:
    return Break(invariant, title, part, statements)


IN_ANY_LEDGER = [
    one
    for part in ("contributions", "benefits")
    for one in (
        of(
            1,
            f"each ledger row of {part} moves a positive amount between two accounts",
            part,
            "ALTER TABLE ledger_entries DROP CONSTRAINT ck_ledger_entries_positive",
            """
            UPDATE ledger_entries SET amount_minor = -amount_minor
            WHERE id = (SELECT min(id) FROM ledger_entries) RETURNING id
            """,
        ),
        of(
            1,
            f"each ledger row of {part} moves a positive amount between two accounts",
            part,
            "ALTER TABLE ledger_entries DROP CONSTRAINT ck_ledger_entries_two_accounts",
            """
            UPDATE ledger_entries SET credit_account = debit_account
            WHERE id = (SELECT max(id) FROM ledger_entries) RETURNING id
            """,
        ),
        of(
            1,
            f"a ledger row of {part} is reversed once, by its mirror",
            part,
            """
            INSERT INTO ledger_reversals (entry_id, source_id) VALUES (999999, gen_random_uuid())
            RETURNING entry_id
            """,
        ),
        of(
            1,
            f"the seals over {part}.ledger_entries are unbroken",
            part,
            """
            UPDATE ledger_entries SET booked_at = booked_at - interval '1 second'
            WHERE id = (SELECT min(id) FROM ledger_entries)
            """,
            "SELECT 'changed: transactions 0 to '",
        ),
    )
]
SEALS = [
    of(
        1,
        f"the seals over {part}.audit_log are unbroken",
        part,
        "DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)",
        "SELECT 'covers ' || row_count || ' rows and finds ' || row_count - 1 FROM seals"
        " WHERE kind = 'audit_log'",
    )
    for part in ("registry", "contributions", "benefits")
]
BOOKS = [
    of(
        1,
        "the seals over contributions.ledger_entries are unbroken",
        "contributions",
        "UPDATE seals SET signature = 'forged' WHERE kind = 'ledger_entries' RETURNING id",
    ),
    of(
        1,
        "a ledger row of contributions is reversed once, by its mirror",
        "contributions",
        """
        UPDATE ledger_entries SET amount_minor = amount_minor + 1
        WHERE reverses_id = (SELECT max(reverses_id) FROM ledger_entries) RETURNING reverses_id
        """,
    ),
    of(
        1,
        "a ledger row of contributions is reversed once, by its mirror",
        "contributions",
        """
        DELETE FROM ledger_reversals WHERE entry_id = (SELECT min(entry_id) FROM ledger_reversals)
        RETURNING entry_id
        """,
    ),
    of(
        1,
        "each member's credit is the sum of its ledger rows",
        "contributions",
        """
        UPDATE member_accounts SET credit_minor = credit_minor + 1
        WHERE member_id = (SELECT member_id FROM member_accounts LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        1,
        "what each member owes to each fund is the sum of its ledger rows",
        "contributions",
        """
        UPDATE dues SET total_minor = total_minor + 1
        WHERE member_id = (SELECT member_id FROM dues WHERE state = 'open' LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        1,
        "what is settled of each due is the sum of its allocations",
        "contributions",
        """
        UPDATE allocations SET amount_minor = amount_minor - 1
        WHERE id = (SELECT max(id) FROM allocations) RETURNING member_id
        """,
    ),
    of(
        1,
        "each charge is the sum of its lines, of its dues and of its ledger rows",
        "contributions",
        "DELETE FROM charge_lines WHERE id = (SELECT max(id) FROM charge_lines) RETURNING charge_id",
    ),
    of(
        1,
        "each charge is the sum of its lines, of its dues and of its ledger rows",
        "contributions",
        """
        DELETE FROM charges WHERE id = (SELECT id FROM charges LIMIT 1) RETURNING id
        """,
    ),
    of(
        1,
        "each charge run is the sum of its charges",
        "contributions",
        "UPDATE charge_runs SET members_charged = members_charged + 1 RETURNING id",
    ),
    of(
        1,
        "each payment is booked whole, and is what it settled and left as credit",
        "contributions",
        """
        DELETE FROM ledger_entries WHERE id = (
            SELECT max(id) FROM ledger_entries WHERE kind = 'payment' AND reverses_id IS NULL)
        RETURNING source_id
        """,
    ),
    of(
        1,
        "each payment is booked whole, and is what it settled and left as credit",
        "contributions",
        "DELETE FROM payments WHERE id = (SELECT id FROM payments LIMIT 1) RETURNING id",
    ),
]
COLLECTED = [
    of(
        2,
        "collected = allocated + credit + suspense + refunded",
        "contributions",
        """
        UPDATE ledger_entries SET amount_minor = amount_minor + 7
        WHERE id = (SELECT max(id) FROM ledger_entries WHERE starts_with(debit_account, 'cash:'))
        """,
        "SELECT 'suspense 7700, refunded 0'",
    ),
    of(
        2,
        "a reversed payment has left the account that it came in on",
        "contributions",
        """
        DELETE FROM ledger_entries WHERE kind = 'payment' AND reverses_id IS NOT NULL
        """,
        "SELECT payment_id FROM payment_reversals",
    ),
    of(
        2,
        "suspense is the sum of the lines that wait in it",
        "contributions",
        "UPDATE bank_lines SET state = 'settled' WHERE state = 'suspense'",
        "SELECT 'booked_minor 7700, waiting_minor 0'",
    ),
    of(
        2,
        "each line of a bank statement is booked as what it is, with its amount",
        "contributions",
        "UPDATE bank_lines SET amount_minor = amount_minor + 1 WHERE state = 'suspense' RETURNING id",
    ),
    of(
        2,
        "no member has usable credit and an open due at once",
        "contributions",
        """
        UPDATE dues SET state = 'open', settled_minor = 0 WHERE state = 'lapsed'
        """,
        """
        UPDATE member_accounts SET credit_minor = 1
        WHERE member_id = (SELECT member_id FROM dues WHERE settled_minor = 0 LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        2,
        "client money held is not less than what is owed to members and, for them, to the State",
        "contributions",
        """
        UPDATE ledger_entries SET debit_account = 'mutual:shortfall'
        WHERE kind = 'payment' AND starts_with(debit_account, 'cash:')
        """,
        "SELECT 'held_minor '",
    ),
    of(
        2,
        "the mutual's own money is never overdrawn, nor paid in by nobody",
        "contributions",
        "UPDATE fundings SET amount_minor = 1 WHERE state = 'funded'",
        "SELECT 'mutual:own:reserve'",
    ),
]
DECLARED = [
    of(
        3,
        "each declaration: lines = total = file",
        "contributions",
        "UPDATE declaration_lines SET stem = replace(stem, 'LAURA', 'LOURA') RETURNING declaration_id",
    ),
    of(
        3,
        "each declaration: lines = total = file",
        "contributions",
        "DELETE FROM declaration_lines WHERE line_number = 3 RETURNING declaration_id",
    ),
    of(
        3,
        "each line declares the wage that its file says and the amount that its member owes",
        "contributions",
        """
        UPDATE declaration_lines SET amount_minor = amount_minor - 1 WHERE line_number = 2
        RETURNING member_id
        """,
    ),
    of(
        3,
        "each line declares the wage that its file says and the amount that its member owes",
        "contributions",
        "UPDATE declaration_lines SET wage_minor = wage_minor + 1 WHERE line_number = 2 RETURNING member_id",
    ),
    of(
        3,
        "whoever was charged is on the payroll or left out of it with a reason, never both",
        "contributions",
        """
        UPDATE left_outs SET member_id = (SELECT member_id FROM declaration_lines WHERE line_number = 1)
        RETURNING member_id
        """,
    ),
    of(
        3,
        "whoever was charged is on the payroll or left out of it with a reason, never both",
        "contributions",
        "DELETE FROM left_outs RETURNING declaration_id",
    ),
]
BILLED = [
    of(
        3,
        "each notice is the sum of its lines, and each line of its branches",
        "contributions",
        "UPDATE notice_lines SET amounts_minor[1] = amounts_minor[1] + 1 WHERE line_number = 1"
        " RETURNING notice_id",
    ),
    of(
        3,
        "for each notice: billed − declared = Σ reasons",
        "contributions",
        "DELETE FROM notice_differences RETURNING notice_id",
    ),
    of(
        3,
        "for each member and notice: billed − declared = Σ reasons",
        "contributions",
        """
        UPDATE notice_differences SET line_number = 2,
            member_id = (SELECT member_id FROM declaration_lines WHERE line_number = 2)
        RETURNING member_id
        """,
    ),
    of(
        3,
        "no notice is remitted with a difference unexplained; what had another cause two people explained",
        "contributions",
        "UPDATE notice_differences SET state = 'open' RETURNING id",
    ),
    of(
        3,
        "no notice is remitted with a difference unexplained; what had another cause two people explained",
        "contributions",
        "ALTER TABLE notice_differences DROP CONSTRAINT ck_notice_differences_words",
        "UPDATE notice_differences SET reason = 'other' RETURNING id",
    ),
    of(
        3,
        "remitted = Σ confirmed notices, as the bank and the books say",
        "contributions",
        "UPDATE remittances SET amount_minor = amount_minor + 1 RETURNING id",
    ),
    of(
        3,
        "remitted = Σ confirmed notices, as the bank and the books say",
        "contributions",
        """
        DELETE FROM ledger_entries WHERE kind = 'remittance'
        """,
        "SELECT id FROM remittances",
    ),
    of(
        3,
        "remitted = Σ confirmed notices, as the bank and the books say",
        "contributions",
        "UPDATE remittances SET ordered_by = asked_by RETURNING id",
    ),
    of(
        3,
        "no notice is paid twice, and none that is kept aside",
        "contributions",
        "DROP INDEX ix_remittances_standing, ix_remittances_bank_line_id",
        """
        INSERT INTO remittances
        SELECT (jsonb_populate_record(remittance, jsonb_build_object('id', gen_random_uuid()))).*
        FROM remittances remittance RETURNING notice_id
        """,
    ),
]
RELAYED = [
    of(
        4,
        "received = relayed + returned + waiting, for each disbursement",
        "benefits",
        "DELETE FROM ledger_entries WHERE kind = 'payout_paid'",
        "SELECT id FROM disbursements",
    ),
    of(
        4,
        "received = relayed + returned + waiting, for each disbursement",
        "benefits",
        "UPDATE payouts SET amount_minor = amount_minor - 1 WHERE state <> 'paid' RETURNING disbursement_id",
    ),
    of(
        4,
        "a disbursement is what was declared, its items and its money",
        "benefits",
        "UPDATE items SET amount_minor = amount_minor + 1 RETURNING disbursement_id",
    ),
    of(
        4,
        "a disbursement is what was declared, its items and its money",
        "benefits",
        "UPDATE fundings SET amount_minor = amount_minor - 1",
        "SELECT id FROM disbursements",
    ),
    of(
        4,
        "each account of benefit money stands at what its rows say",
        "benefits",
        "UPDATE payouts SET state = 'failed' WHERE state = 'released'",
        "SELECT unnest(ARRAY['owed-to-members', 'in-transit'])",
    ),
    of(
        4,
        "each item is one payout to one member and case, or none",
        "benefits",
        "UPDATE payouts SET member_id = gen_random_uuid() RETURNING item_id",
    ),
    of(
        4,
        "benefit money never touches the accounts of contributions",
        "contributions",
        """
        INSERT INTO ledger_entries
            (booked_on, kind, debit_account, credit_account, amount_minor, currency, source_id)
        SELECT value_on, 'suspense', 'bank:popular-1', 'suspense', amount_minor, currency, id
        FROM bank_lines WHERE state = 'benefit' RETURNING source_id
        """,
    ),
    of(
        4,
        "benefit money on a bank line has come to benefits",
        "benefits",
        "UPDATE fundings SET bank_line_id = gen_random_uuid()",
        "SELECT 'bank line '",
    ),
    of(
        4,
        "what benefits received was on a bank line",
        "benefits",
        "UPDATE fundings SET amount_minor = amount_minor + 1 RETURNING bank_line_id",
    ),
]
NAMED = [
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        DELETE FROM agreements WHERE kind = 'mandate' AND member_id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        UPDATE agreements SET withdrawn_on = '2026-07-31' WHERE kind = 'mandate' AND member_id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        DELETE FROM verifications WHERE member_id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        UPDATE members SET identity_verified = false WHERE id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING id
        """,
    ),
    of(
        5,
        "each payroll was filed under an authorisation in force",
        "registry",
        "UPDATE authorisations SET expires_on = '2026-07-30'",
        "SELECT 'no authorisation of 999000004'",
    ),
]
RECEIPTS = [
    of(
        6,
        "every receipt number is unique",
        "contributions",
        "DROP INDEX ix_payments_receipt_number",
        "UPDATE payments SET receipt_number = 1 RETURNING id",
    ),
    of(
        6,
        "every receipt was issued by the server, and is findable by its code",
        "contributions",
        "UPDATE payments SET receipt_number = 999 WHERE receipt_number = 2 RETURNING id",
    ),
    of(
        6,
        "every receipt was issued by the server, and is findable by its code",
        "contributions",
        "UPDATE payments SET check_code = '' WHERE receipt_number = 2 RETURNING id",
    ),
    of(
        6,
        "every payment says in the audit log who took it",
        "contributions",
        "UPDATE payments SET taken_by = gen_random_uuid() WHERE receipt_number = 2 RETURNING id",
    ),
]
COVERED = [
    of(
        7,
        "whoever is covered is on a confirmed notice for that month",
        "contributions",
        "INSERT INTO coverages SELECT (jsonb_populate_record(cover, jsonb_build_object("
        "'member_id', (SELECT member_id FROM left_outs)))).* FROM coverages cover LIMIT 1"
        " RETURNING member_id",
    ),
    of(
        7,
        "whoever is covered is on a confirmed notice for that month",
        "contributions",
        "UPDATE remittances SET state = 'ordered'",
        "SELECT member_id FROM coverages",
    ),
    of(
        7,
        "whoever was billed on a confirmed notice is covered for that month",
        "contributions",
        "DELETE FROM coverages WHERE member_id = (SELECT member_id FROM coverages LIMIT 1)"
        " RETURNING member_id",
    ),
    of(
        7,
        "whoever was left out of a filed payroll owes nothing for that month",
        "contributions",
        "DELETE FROM procrastinate_jobs",
        "UPDATE dues SET state = 'open' WHERE state = 'lapsed' RETURNING member_id",
    ),
    of(
        7,
        "whoever is not covered, since their charge lapsed, was told",
        "gateway",
        "DELETE FROM messages WHERE template = 'left_out' RETURNING member_id",
    ),
    of(
        7,
        "whoever is covered was told",
        "gateway",
        "DELETE FROM messages WHERE template = 'covered' RETURNING member_id",
    ),
    of(
        7,
        "whoever is no longer covered was told",
        "contributions",
        "UPDATE coverages SET state = 'withdrawn', withdrawn_on = '2026-08-05' RETURNING member_id",
    ),
]
NUMBERS = [
    one
    for part in ("registry", "contributions", "benefits")
    for one in (
        of(
            8,
            f"{part} numbers and publishes its events",
            part,
            "DELETE FROM outbox WHERE number = 2",
            "SELECT 'numbers 2 to 2 are missing'",
        ),
        of(
            8,
            f"{part} numbers and publishes its events",
            part,
            """
            INSERT INTO outbox (id, name, occurred_at, data)
            VALUES (gen_random_uuid(), 'registry.x.v1', now() - interval '1 minute', '{}')
            """,
            "SELECT '1 events wait longer'",
        ),
    )
]
TAKEN_IN = [
    one
    for part, producers in {
        "contributions": ("registry",),
        "benefits": ("registry", "contributions"),
        "gateway": ("registry", "contributions", "benefits"),
    }.items()
    for one in (
        of(
            8,
            f"{part} has no dead letters",
            part,
            """
            INSERT INTO dead_letters
                (id, producer, number, name, envelope, state, tries, error, error_detail)
            VALUES (gen_random_uuid(), 'registry', 2, 'registry.x.v1', '', 'dead', 10, 'x', '')
            RETURNING id
            """,
        ),
        *(
            of(
                8,
                f"{part} has seen what {producer} published",
                part,
                f"DELETE FROM inbox_seen WHERE producer = '{producer}'",
                f"SELECT 'has not seen event ' || n || ' of {producer}' FROM generate_series(1, 2) AS n",
            )
            for producer in producers
        ),
    )
]
EVENTS = [
    of(
        8,
        "contributions numbers and publishes its events",
        "contributions",
        "DROP INDEX ix_outbox_number",
        "UPDATE outbox SET number = 1 WHERE number = 2",
        "SELECT '1 numbers are double'",
    ),
    of(
        8,
        "gateway has seen what contributions published",
        "gateway",
        "UPDATE inbox_seen SET numbers = numbers - '{[3,4)}' WHERE producer = 'contributions'",
        "SELECT 'has not seen event 3 of contributions'",
    ),
    of(
        8,
        "gateway has seen what benefits published",
        "gateway",
        "UPDATE inbox_seen SET numbers = numbers + '{[900,901)}' WHERE producer = 'benefits'",
        "SELECT 'has seen event 900 of benefits'",
    ),
]
EFFECTS = [
    *(
        of(
            8,
            f"{part} knows each member as the registry does",
            "registry",
            "UPDATE members SET version = version + 1 WHERE state = 'active' RETURNING id",
        )
        for part in ("contributions", "benefits", "gateway")
    ),
    *(
        of(
            8,
            f"{part} knows each organisation as the registry does",
            part,
            "DELETE FROM tree_nodes RETURNING id",
        )
        for part in ("contributions", "benefits", "gateway")
    ),
    of(
        8,
        "contributions knows the mutual's authorisation as the registry does",
        "contributions",
        "DELETE FROM authorisations RETURNING id",
    ),
    of(
        8,
        "each payment was told to its member",
        "gateway",
        "DELETE FROM messages WHERE template LIKE 'receipt%' RETURNING subject_id",
    ),
    of(
        8,
        "each benefit that was paid was told to its member",
        "gateway",
        "DELETE FROM messages WHERE template = 'payout_paid_cash' RETURNING subject_id",
    ),
    of(
        8,
        "nobody was told twice of one payment, charge or payout",
        "gateway",
        "INSERT INTO messages SELECT (jsonb_populate_record(message, jsonb_build_object("
        "'id', gen_random_uuid(), 'event_id', gen_random_uuid()))).* FROM messages message"
        " WHERE template = 'left_out' RETURNING subject_id",
    ),
]

BREAKS = [
    *IN_ANY_LEDGER,
    *SEALS,
    *BOOKS,
    *COLLECTED,
    *DECLARED,
    *BILLED,
    *RELAYED,
    *NAMED,
    *RECEIPTS,
    *COVERED,
    *NUMBERS,
    *TAKEN_IN,
    *EVENTS,
    *EFFECTS,
]
