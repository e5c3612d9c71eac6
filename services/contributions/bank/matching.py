"""Whose money a bank line is: first by the member's number, then by document, then by phone.

Pure but for one query. A line that could be two members' is nobody's: it waits in suspense.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.contributions.bank.models import BankLine

_WORD = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*", re.ASCII)
_BY = ("member_number", "document", "phone")
"""In order of trust."""


def words(line: BankLine) -> set[str]:
    """What in a line's reference and description could name a member, as the registry writes it."""
    found = set(_WORD.findall(f"{line.reference} {line.description}".upper()))
    return found | {word.replace("-", "") for word in found}


def is_benefit(line: BankLine, payers: Iterable[str]) -> bool:
    """Whether the State's money for members came on this line."""
    description = line.description.upper()
    return any(payer.upper() in description for payer in payers)


def match(connection: Connection[Any], lines: Sequence[BankLine]) -> dict[UUID, tuple[UUID, str]]:
    """For each line that names one member: the member, and by what it was found."""
    line_ids, candidates = [], []
    for line in lines:
        for word in words(line):
            line_ids.append(line.id)
            candidates.append(word)
    found: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    for line_id, member_id, by in connection.execute(_MATCH, {"lines": line_ids, "words": candidates}):
        found[line_id][by].add(member_id)
    matched: dict[UUID, tuple[UUID, str]] = {}
    for line_id, by_kind in found.items():
        best = next(by for by in _BY if by in by_kind)
        if len(by_kind[best]) == 1:
            matched[line_id] = (next(iter(by_kind[best])), best)
    return matched


_MATCH = """
WITH words AS (
    SELECT * FROM unnest(%(lines)s::uuid[], %(words)s::text[]) AS given (line_id, word)
)
SELECT line_id, member.id, 'member_number' FROM words JOIN members member ON member.member_number = word
UNION
SELECT line_id, member.id, 'document' FROM words JOIN members member ON member.document_number = word
UNION
SELECT line_id, member.id, 'phone' FROM words JOIN members member ON member.phone = '+1' || word
WHERE word ~ '^[0-9]{10}$'
"""
