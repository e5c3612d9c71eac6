"""Invariant 8, numbers: seen = published, without gaps; dead letters are counted."""

from deploy.verify.checks import PENDING_SECONDS, Check, Finding, Snapshots

LISTENS = {
    "contributions": ("registry",),
    "benefits": ("registry", "contributions"),
    "gateway": ("registry", "contributions", "benefits"),
}
"""Whose events each part takes in."""
PRODUCERS = ("registry", "contributions", "benefits")
"""Who announces anything."""


def _numbering(part: str) -> Check:
    def check(snapshots: Snapshots) -> Finding:
        [(head, published, numbered, distinct, beyond)] = snapshots.rows(
            part,
            """
            SELECT number, published, (SELECT count(number) FROM outbox),
                   (SELECT count(DISTINCT number) FROM outbox),
                   (SELECT count(*) FROM outbox WHERE outbox.number > outbox_head.number)
            FROM outbox_head
            """,
        )
        gaps = snapshots.rows(
            part,
            """
            SELECT from_number + 1, to_number - 1 FROM (
                SELECT number AS from_number, lead(number, 1, (SELECT number + 1 FROM outbox_head))
                       OVER (ORDER BY number) AS to_number
                FROM outbox WHERE number IS NOT NULL
            ) neighbour WHERE to_number > from_number + 1 ORDER BY 1
            """,
        )
        waiting, old = snapshots.rows(
            part,
            """
            SELECT count(*), count(*) FILTER (
                WHERE occurred_at < now() - make_interval(secs => %(seconds)s))
            FROM outbox WHERE number IS NULL OR number > (SELECT published FROM outbox_head)
            """,
            {"seconds": PENDING_SECONDS},
        )[0]
        offending = [f"{part}: numbers {first} to {last} are missing from its outbox" for first, last in gaps]
        if numbered != distinct or beyond:
            offending.append(
                f"{part}: {numbered - distinct} numbers are double, {beyond} beyond its head {head}"
            )
        if old:
            offending.append(f"{part}: {old} events wait longer than {PENDING_SECONDS} s to be published")
        return Finding(8, f"{part} numbers and publishes its events", published, offending, waiting)

    return check


def _taken_in(consumer: str, producer: str) -> Check:
    def check(snapshots: Snapshots) -> Finding:
        [(seen, count, highest)] = snapshots.rows(
            consumer,
            """
            SELECT coalesce((max((numbers + expired)::text))::int8multirange, '{}')::text,
                   coalesce(sum((SELECT sum(upper(span) - lower(span)) FROM unnest(numbers) AS span)), 0),
                   coalesce(max(upper(numbers)) - 1, 0)
            FROM inbox_seen WHERE producer = %(producer)s
            """,
            {"producer": producer},
        )
        unseen = snapshots.rows(
            producer,
            """
            SELECT number, name, occurred_at < now() - make_interval(secs => %(seconds)s) FROM outbox
            WHERE number IS NOT NULL AND NOT number <@ %(seen)s::int8multirange ORDER BY number
            """,
            {"seen": seen, "seconds": PENDING_SECONDS},
        )
        offending = [
            f"{consumer} has not seen event {number} of {producer}: {name}"
            for number, name, is_old in unseen
            if is_old
        ]
        if highest > (head := snapshots.heads[producer]):
            offending.append(f"{consumer} has seen event {highest} of {producer}, which has given {head}")
        title = f"{consumer} has seen what {producer} published"
        return Finding(8, title, int(count), offending, len(unseen) - len(offending))

    return check


def _dead_letters(part: str) -> Check:
    def check(snapshots: Snapshots) -> Finding:
        letters = snapshots.rows(
            part, "SELECT state, id, producer, number, name, error FROM dead_letters ORDER BY state, id"
        )
        offending = [
            f"{part} cannot apply event {number} of {producer}: {name} ({letter_id}): {error}"
            for state, letter_id, producer, number, name, error in letters
            if state == "dead"
        ]
        taken = snapshots.value(
            part, "SELECT sum(upper(span) - lower(span)) FROM inbox_seen, unnest(numbers) AS span"
        )
        return Finding(
            8, f"{part} has no dead letters", int(taken or 0), offending, len(letters) - len(offending)
        )

    return check


CHECKS: list[Check] = [
    *(_numbering(part) for part in PRODUCERS),
    *(_taken_in(consumer, producer) for consumer, producers in LISTENS.items() for producer in producers),
    *(_dead_letters(consumer) for consumer in LISTENS),
]
