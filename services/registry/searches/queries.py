"""SQL of searches: each way of finding has its own index, also among a million members."""

from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from services.kit.db import raw
from services.kit.principals import Principal
from services.registry.members import LINES, read_lines
from services.registry.searches.rules import Wanted, words_query

CANDIDATES_MAX = 200
"""Of a very common name so many are looked at, and the nearest of those are shown."""


def find(session: Session, wanted: Wanted, principal: Principal, limit: int) -> list[dict[str, Any]]:
    """The members within reach who fit, the nearest first; shown whole, they leave an audit row each."""
    whole = _candidates(session, wanted, principal, "whole")
    is_more_wanted = wanted.words and len(whole) < limit
    begun = _candidates(session, wanted, principal, "begun") if is_more_wanted else []
    if not whole and not begun:
        return []
    return read_lines(session, _SHOWN, {"whole": whole, "begun": begun, "limit": limit}, principal)


def _candidates(
    session: Session, wanted: Wanted, principal: Principal, how: Literal["whole", "begun"]
) -> list[UUID]:
    given = {
        "document": wanted.document,
        "member_number": wanted.member_number,
        "phone": wanted.phone,
        "words": words_query(wanted.words, how) or None,
        "roots": None if principal.roots is None else list(principal.roots),
        "most": CANDIDATES_MAX,
    }
    ways = [way for name, way in _WAYS.items() if given[name] is not None]
    if not ways:
        return []
    within = "" if principal.roots is None else _WITHIN
    query = " UNION ALL ".join(f"({way.format(within=within)} LIMIT %(most)s)" for way in ways)
    return [row[0] for row in raw(session).execute(query, given)]


_WITHIN = (
    "AND member.organisation_id = ANY(ARRAY(SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[]))"
)

# Documents in use and those before have an index each.
_WAYS = {
    "document": """
        SELECT member.id FROM identity_documents document
        JOIN members member ON member.id = document.member_id {within}
        WHERE document.number = %(document)s AND document.retired_at IS NULL
        UNION ALL
        SELECT member.id FROM identity_documents document
        JOIN members member ON member.id = document.member_id {within}
        WHERE document.number = %(document)s AND document.retired_at IS NOT NULL""",
    "member_number": "SELECT member.id FROM members member WHERE member_number = %(member_number)s {within}",
    "phone": "SELECT member.id FROM members member WHERE phone = %(phone)s {within}",
    "words": """
        SELECT member.id FROM members member
        WHERE array_to_tsvector(name_keys) @@ %(words)s::tsquery {within}""",
}

_SHOWN = f"""
{LINES} WHERE member.id = ANY(%(whole)s::uuid[] || %(begun)s::uuid[])
ORDER BY member.id = ANY(%(whole)s::uuid[]) DESC, member.first_surname, member.second_surname,
         member.given_names, member.id LIMIT %(limit)s
"""
