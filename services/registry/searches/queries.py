"""SQL of searches: each way of finding has its own index, also among a million members."""

from typing import Any, Literal

from sqlmodel import Session

from services.kit.db import raw
from services.kit.principals import Principal
from services.registry.members import LINES, read_lines
from services.registry.searches.rules import Wanted, words_query

CANDIDATES_MAX = 200
"""Of a very common name so many are looked at, and the nearest of those are shown."""


def find(session: Session, wanted: Wanted, principal: Principal, limit: int) -> list[dict[str, Any]]:
    """The members within reach who fit, the nearest first; shown whole, they leave an audit row each."""
    found = _candidates(session, wanted, principal, "whole")
    # Beginnings of several words cost more than whole ones: they are for when those find nobody.
    is_more_wanted = len(found) < limit if len(wanted.words) == 1 else wanted.words and not found
    if is_more_wanted:
        found += [one for one in _candidates(session, wanted, principal, "begun") if one not in found]
    nearest = [one[-1] for one in found[:limit]]
    return read_lines(session, _SHOWN, {"ids": nearest}, principal) if nearest else []


def _candidates(
    session: Session, wanted: Wanted, principal: Principal, how: Literal["whole", "begun"]
) -> list[tuple[Any, ...]]:
    """Those who fit, in order of their names: (surnames, given names, id)."""
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
    query = " UNION ".join(f"({_NAMED} {way} {within} LIMIT %(most)s)" for way in ways)
    return sorted(raw(session).execute(query, given).fetchall())


_NAMED = "SELECT member.first_surname, member.second_surname, member.given_names, member.id FROM"

_WITHIN = (
    "AND member.organisation_id = ANY(ARRAY(SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[]))"
)

# Documents in use and those before have an index each.
_WAYS = {
    "document": """(
        SELECT member_id FROM identity_documents WHERE number = %(document)s AND retired_at IS NULL
        UNION
        SELECT member_id FROM identity_documents WHERE number = %(document)s AND retired_at IS NOT NULL
        ) document JOIN members member ON member.id = document.member_id WHERE true""",
    "member_number": "members member WHERE member_number = %(member_number)s",
    "phone": "members member WHERE phone = %(phone)s",
    "words": "members member WHERE array_to_tsvector(name_keys) @@ %(words)s::tsquery",
}

_SHOWN = f"""
{LINES} WHERE member.id = ANY(%(ids)s::uuid[]) ORDER BY array_position(%(ids)s::uuid[], member.id)
"""
