"""Invariant 8: numbers and effects of events, broken."""

from tests.deploy.verify.breaks.made import of

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
