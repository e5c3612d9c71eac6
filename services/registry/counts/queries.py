"""SQL of counts."""

from sqlmodel import Session

from services.kit.db import raw
from services.kit.principals import Principal
from services.registry.counts.schemas import CountsOut, DependantCounts


def counts(session: Session, principal: Principal) -> CountsOut:
    """How many organisations, members by state, and dependants the principal reaches."""
    given = {"roots": None if principal.roots is None else list(principal.roots)}
    connection = raw(session)
    row = connection.execute(_COUNTS, given).fetchone()
    assert row is not None
    organisations, members, applicants, out, unverified, phones_to_review = row
    by_kind = dict(connection.execute(_DEPENDANTS, given).fetchall())
    return CountsOut(
        organisations=organisations,
        members={"applicant": applicants, "active": members - applicants - out, "out": out},
        unverified=unverified,
        phones_to_review=phones_to_review,
        dependants=DependantCounts(direct=by_kind.get("direct", 0), additional=by_kind.get("additional", 0)),
    )


# Whoever may see all is spared the join.
_WITHIN = """(%(roots)s::uuid[] IS NULL OR organisation_id IN (
    SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[]))"""

# The few who are not simply active have indexes of their own; the active are the rest.
_COUNTS = f"""
SELECT (SELECT count(*) FROM (SELECT id AS organisation_id FROM organisations) one WHERE {_WITHIN}),
       (SELECT count(*) FROM members WHERE {_WITHIN}),
       (SELECT count(*) FROM members WHERE state = 'applicant' AND NOT identity_verified AND {_WITHIN}),
       (SELECT count(*) FROM members WHERE state = 'out' AND {_WITHIN}),
       (SELECT count(*) FROM members WHERE NOT identity_verified AND {_WITHIN}),
       (SELECT count(*) FROM members WHERE phone_needs_review AND {_WITHIN})
"""

_DEPENDANTS = f"""
SELECT kind, count(*) FROM dependants WHERE ended_on IS NULL
AND (%(roots)s::uuid[] IS NULL OR member_id IN (SELECT id FROM members WHERE {_WITHIN})) GROUP BY kind
"""
