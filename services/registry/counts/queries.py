"""SQL of counts."""

from sqlmodel import Session

from services.kit.db import raw
from services.kit.principals import Principal
from services.registry.counts.schemas import CountsOut, DependantCounts

STATES = ("applicant", "active", "out")


def counts(session: Session, principal: Principal) -> CountsOut:
    """How many organisations, members by state, and dependants the principal reaches."""
    given = {"roots": None if principal.roots is None else list(principal.roots)}
    connection = raw(session)
    by_state = {row[0]: row[1:] for row in connection.execute(_MEMBERS, given)}
    by_kind = dict(connection.execute(_DEPENDANTS, given).fetchall())
    [organisations] = connection.execute(_ORGANISATIONS, given).fetchone() or (0,)
    return CountsOut(
        organisations=organisations,
        members={state: by_state.get(state, (0,))[0] for state in STATES},
        unverified=sum(row[1] for row in by_state.values()),
        phones_to_review=sum(row[2] for row in by_state.values()),
        dependants=DependantCounts(direct=by_kind.get("direct", 0), additional=by_kind.get("additional", 0)),
    )


# Whoever may see all is spared the join.
_WITHIN = """(%(roots)s::uuid[] IS NULL OR organisation_id IN (
    SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[]))"""

_MEMBERS = f"""
SELECT state, count(*), count(*) FILTER (WHERE NOT identity_verified),
       count(*) FILTER (WHERE phone_needs_review)
FROM members WHERE {_WITHIN} GROUP BY state
"""

_DEPENDANTS = f"""
SELECT kind, count(*) FROM dependants WHERE ended_on IS NULL
AND (%(roots)s::uuid[] IS NULL OR member_id IN (SELECT id FROM members WHERE {_WITHIN})) GROUP BY kind
"""

_ORGANISATIONS = f"SELECT count(*) FROM (SELECT id AS organisation_id FROM organisations) o WHERE {_WITHIN}"
