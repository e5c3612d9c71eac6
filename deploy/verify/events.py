"""Invariant 8: each event took effect exactly once. Numbers seen = numbers published."""

from deploy.verify.checks import PENDING_SECONDS, Check, Finding, Snapshots

PARTS = ("registry", "contributions", "benefits", "gateway")


def _numbering(part: str) -> Check:
    def check(snapshots: Snapshots) -> Finding:
        [(head, published, kept, distinct)] = snapshots.rows(
            part,
            "SELECT number, published, (SELECT count(*) FROM outbox WHERE number IS NOT NULL),"
            " (SELECT count(DISTINCT number) FROM outbox) FROM outbox_head",
        )
        old = snapshots.value(
            part,
            "SELECT count(*) FROM outbox WHERE (number IS NULL OR number > (SELECT published FROM outbox_head))"
            " AND occurred_at < now() - make_interval(secs => %s)",
            PENDING_SECONDS,
        )
        gaps = snapshots.value(
            part,
            "SELECT count(*) FROM outbox_head, generate_series(coalesce((SELECT min(number) FROM outbox), 1),"
            " outbox_head.number) AS n WHERE NOT EXISTS (SELECT FROM outbox WHERE number = n)",
        )
        offending = []
        if gaps or kept != distinct:
            offending.append(
                f"{part}: {gaps} numbers are missing from its outbox, {kept - distinct} are double"
            )
        if old:
            offending.append(f"{part}: {old} events wait longer than {PENDING_SECONDS} s to be published")
        return Finding(8, f"{part} numbers and publishes its events", head, offending, head - published)

    return check


def _taken_in(part: str) -> Check:
    def check(snapshots: Snapshots) -> Finding:
        offending, seen, pending = [], 0, 0
        for producer, missing_before, numbers in snapshots.rows(
            part,
            "SELECT producer, ARRAY(SELECT upper(span) FROM unnest(numbers + expired) AS span ORDER BY 1),"
            " (SELECT coalesce(sum(upper(span) - lower(span)), 0) FROM unnest(numbers) AS span) FROM inbox_seen",
        ):
            seen += int(numbers)
            head = snapshots.value(producer, "SELECT published FROM outbox_head")
            through = missing_before[0] - 1 if missing_before else 0
            late = snapshots.value(
                producer,
                "SELECT count(*) FROM outbox WHERE number > %s AND number <= %s"
                " AND occurred_at < now() - make_interval(secs => %s)",
                through,
                head,
                PENDING_SECONDS,
            )
            pending += max(0, head - through)
            if late:
                offending.append(f"{part} has not seen {late} events of {producer} after number {through}")
        return Finding(8, f"{part} has seen what was published", seen, offending, pending)

    return check


def _dead_letters(part: str) -> Check:
    def check(snapshots: Snapshots) -> Finding:
        dead = snapshots.rows(part, "SELECT id, name, error FROM dead_letters WHERE state = 'dead'")
        total = snapshots.value(part, "SELECT count(*) FROM inbox")
        offending = [f"{part}: {name} {letter_id}: {error}" for letter_id, name, error in dead]
        return Finding(8, f"{part} has no dead letters", total, offending)

    return check


CHECKS: list[Check] = [make(part) for part in PARTS for make in (_numbering, _taken_in, _dead_letters)]
