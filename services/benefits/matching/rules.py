"""Whose an item is, and for which case: decided from what is known, without asking anybody.

An item that fails any check is matched to nobody: a clerk looks at it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.benefits.cases import Case
from services.benefits.disbursements import Disbursement, Item
from services.benefits.members import Member, share_a_name

Stretch = tuple[str, date, date | None]
"""A case number and the days that money is for."""


class Doubt(StrEnum):
    """Why an item waits in quarantine."""

    NO_MEMBER = "no-member"
    SEVERAL_MEMBERS = "several-members"
    OTHER_NAME = "other-name"
    CASE_OF_ANOTHER = "case-of-another"
    OTHER_BENEFIT = "other-benefit"
    RELAYED_BEFORE = "relayed-before"


@dataclass(frozen=True, slots=True)
class Known:
    """What matching looks at. `relayed` are the stretches that were or are being paid."""

    holders: Mapping[tuple[str, str], Sequence[Member]]
    cases: Mapping[str, Case]
    relayed: set[Stretch]


def stretch(item: Item) -> Stretch | None:
    """What an item pays for; None if it names no days, as with a single indemnity."""
    return (item.case_number, item.from_on, item.until_on) if item.from_on else None


def match(item: Item, disbursement: Disbursement, known: Known) -> Member | Doubt:
    """The member that an item is for, or what is doubtful about it."""
    holders = known.holders.get((item.document_type, item.document_number), ())
    if not holders:
        return Doubt.NO_MEMBER
    if len(holders) > 1:
        return Doubt.SEVERAL_MEMBERS
    [owner] = holders
    # A mistyped digit can be the document of another member: the name tells.
    if item.name and not share_a_name(item.name, owner.name):
        return Doubt.OTHER_NAME
    if doubt := doubt_of_case(known.cases.get(item.case_number), owner, disbursement):
        return doubt
    if stretch(item) in known.relayed:
        return Doubt.RELAYED_BEFORE
    return owner


def doubt_of_case(case: Case | None, owner: Member, disbursement: Disbursement) -> Doubt | None:
    """What speaks against paying this member for this case; a case not noted yet is no doubt."""
    if case is None:
        return None
    if case.member_id != owner.id:
        return Doubt.CASE_OF_ANOTHER
    return Doubt.OTHER_BENEFIT if case.benefit != disbursement.benefit else None
