"""Matching items to members and cases: by the rules for all at once, by a clerk for one.

Only what is matched becomes a payout. The agency's case numbers are held while it goes on, so that no
two items open one case for two members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session

from services.benefits import cases
from services.benefits.cases import Case
from services.benefits.disbursements import (
    Disbursement,
    Item,
    ItemState,
    item,
    items_in,
    lock_disbursement,
)
from services.benefits.matching import queries, rules
from services.benefits.matching.problems import CaseDisagrees, NoSuchItem, NotInQuarantine, UnknownMember
from services.benefits.members import Member, holders_of, member
from services.benefits.payouts import Payout, make_releasable
from services.kit import audit, clock
from services.kit.ids import new_id
from services.kit.principals import Principal

CHUNK = 1_000


def match_items(session: Session, disbursement: Disbursement, items: Sequence[Item]) -> None:
    """Make payouts of the items that the rules match, and put the others into quarantine.

    The caller holds the disbursement, and with it its items.
    """
    cases.lock_numbers(session, disbursement.agency)
    for start in range(0, len(items), CHUNK):
        _match_chunk(session, disbursement, items[start : start + CHUNK])


def rematch(session: Session, disbursement_id: UUID) -> None:
    """Look again at what waits in quarantine; the registry may have announced more since."""
    disbursement = lock_disbursement(session, disbursement_id)
    assert disbursement is not None
    match_items(session, disbursement, items_in(session, disbursement_id, ItemState.QUARANTINED))


def match_by_hand(
    session: Session, item_id: UUID, member_id: UUID, *, by: Principal, reason: str | None
) -> Payout:
    """Make a payout of a quarantined item, for the member that a clerk names; once again changes nothing.

    Raises NoSuchItem, UnknownMember, NotInQuarantine, CaseDisagrees.
    """
    disbursement, waiting = lock_item_of(session, item_id)
    if waiting.state == ItemState.MATCHED:
        payout = queries.payout_of(session, waiting.id)
        if (payout.member_id, payout.matched_by) == (member_id, by.subject):
            return payout
    if waiting.state != ItemState.QUARANTINED:
        raise NotInQuarantine(f"It is {waiting.state}.")
    owner = member(session, member_id)
    if owner is None:
        raise UnknownMember(f"No member has the id {member_id}.")
    cases.lock_numbers(session, disbursement.agency)
    work = _Work(disbursement, cases.cases(session, disbursement.agency, [waiting.case_number]))
    if doubt := rules.doubt_of_case(work.cases.get(waiting.case_number), owner, disbursement):
        raise CaseDisagrees("Look at the case before the item.", because=doubt)
    work.match(waiting, owner, matched_by=by.subject)
    [payout] = work.keep(session)
    audit.write(
        session, "items.match", waiting.id, by=by, reason=reason, details={"member_id": str(member_id)}
    )
    return payout


def lock_item_of(session: Session, item_id: UUID) -> tuple[Disbursement, Item]:
    """Lock an item's disbursement, which holds the item too, then look. Raises NoSuchItem."""
    found = item(session, item_id)
    disbursement = lock_disbursement(session, found.disbursement_id) if found else None
    found = item(session, item_id)
    if found is None or disbursement is None:
        raise NoSuchItem(f"No item has the id {item_id}.")
    return disbursement, found


def _match_chunk(session: Session, disbursement: Disbursement, items: Sequence[Item]) -> None:
    numbers = [one.case_number for one in items]
    work = _Work(disbursement, cases.cases(session, disbursement.agency, numbers))
    known = rules.Known(
        holders=holders_of(session, [(one.document_type, one.document_number) for one in items]),
        cases=work.cases,
        relayed=queries.relayed(session, disbursement.agency, numbers),
    )
    for one in items:
        found = rules.match(one, disbursement, known)
        if isinstance(found, Member):
            work.match(one, found, matched_by=None)
            if stretch := rules.stretch(one):
                known.relayed.add(stretch)
        else:
            one.state, one.quarantined_because = ItemState.QUARANTINED, found
    work.keep(session)


@dataclass
class _Work:
    """The payouts of one disbursement in the making, with the cases that they are for."""

    disbursement: Disbursement
    cases: dict[str, Case]
    opened: list[Case] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)

    def match(self, item: Item, owner: Member, *, matched_by: UUID | None) -> None:
        """Make an item a payout of its owner; opens the case if the agency's number is new."""
        if item.case_number not in self.cases:
            self.cases[item.case_number] = self._open_case(item, owner)
            self.opened.append(self.cases[item.case_number])
        item.state, item.quarantined_because = ItemState.MATCHED, None
        self.payouts.append(
            Payout(
                id=new_id(),
                item_id=item.id,
                disbursement_id=item.disbursement_id,
                member_id=owner.id,
                organisation_id=owner.organisation_id,
                case_id=self.cases[item.case_number].id,
                amount_minor=item.amount_minor,
                currency=item.currency,
                matched_by=matched_by,
                matched_at=clock.now(),
            )
        )

    def keep(self, session: Session) -> list[Payout]:
        """Write it all; if the money is there already, it becomes the members' at once."""
        cases.add(session, self.opened)
        session.add_all(self.payouts)
        session.flush()
        if self.disbursement.funding_id is not None:
            make_releasable(session, self.payouts)
        return self.payouts

    def _open_case(self, item: Item, owner: Member) -> Case:
        return Case(
            id=new_id(),
            agency=self.disbursement.agency,
            case_number=item.case_number,
            benefit=self.disbursement.benefit,
            member_id=owner.id,
            organisation_id=owner.organisation_id,
            from_on=item.from_on,
            until_on=item.until_on,
            opened_at=clock.now(),
        )
