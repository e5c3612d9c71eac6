"""What those left out of a filed payroll owed for the month lapses: the State bills nothing for them.

Their charge is reversed in the books; what they had paid in part becomes their credit, which is used
at once for whatever else they owe. Otherwise they would pay for past months for ever and never be
covered. Fees lapse too, if the mutual's policy says so.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from services.contributions.declarations import queries
from services.contributions.declarations.models import LeftOut
from services.contributions.events import LISTED_MAX, ChargeLapsed, LapsedCharge
from services.contributions.members import locked_accounts
from services.contributions.payments import consume_credit
from services.contributions.settings import settings
from services.kit import clock
from services.kit.db import raw
from services.kit.events import record_all
from services.kit.periods import Period

CHUNK = 5_000


def lapse_chunk(
    session: Session, declaration_id: UUID, after: UUID | None, *, size: int = CHUNK
) -> UUID | None:
    """Let the next members' charges lapse, once; returns the last member, or None at the end."""
    declaration = queries.declaration(session, declaration_id)
    left_out = queries.left_outs(session, declaration_id, after, size)
    if not left_out:
        return None
    lapse(session, declaration.period, [_lapsed(one) for one in left_out], source_id=declaration_id)
    return left_out[-1].member_id


def lapse(session: Session, period: Period, charges: Sequence[LapsedCharge], *, source_id: UUID) -> None:
    """Let members' charges for a period lapse for the sake of `source_id`, and tell them.

    What lapsed before is left as it is. Takes the members' account locks.
    """
    member_ids = sorted(one.member_id for one in charges)
    connection, today = raw(session), clock.business_today(session)
    locked_accounts(connection, member_ids)
    given = {
        "member_ids": member_ids,
        "period": str(period),
        "funds": ["contributions", "fees"] if settings().fees_lapse else ["contributions"],
        "source_id": source_id,
        "booked_on": today,
    }
    lapsed = {row[0] for row in connection.execute(_LAPSE, given)}
    consume_credit(connection, sorted(lapsed), source_id=source_id, booked_on=today)
    told = [one for one in charges if one.member_id in lapsed]
    record_all(
        session,
        [
            ChargeLapsed(period=str(period), charges=told[i : i + LISTED_MAX])
            for i in range(0, len(told), LISTED_MAX)
        ],
    )


def _lapsed(one: LeftOut) -> LapsedCharge:
    return LapsedCharge(
        charge_id=one.charge_id,
        member_id=one.member_id,
        organisation_id=one.organisation_id,
        reason=one.reason,
    )


# `lapsing`: the open dues of the members. Their charge's ledger rows are mirrored, each once for ever;
# what was settled of them leaves the receivable as the member's credit.
_LAPSE = """
WITH lapsing AS (
    SELECT * FROM dues WHERE member_id = ANY(%(member_ids)s::uuid[]) AND period = %(period)s
    AND fund = ANY(%(funds)s::text[]) AND state = 'open'
), charged AS (
    SELECT entry.* FROM lapsing JOIN ledger_entries entry
        ON entry.source_id = lapsing.charge_id AND entry.booked_on = lapsing.booked_on
        AND entry.kind = 'charge' AND entry.debit_account = 'receivable:' || lapsing.fund
), noted AS (
    INSERT INTO ledger_reversals (entry_id, source_id) SELECT id, %(source_id)s FROM charged
), mirrored AS (
    INSERT INTO ledger_entries (booked_on, kind, debit_account, credit_account, member_id, amount_minor,
                                currency, source_id, reverses_id)
    SELECT %(booked_on)s, 'lapse', credit_account, debit_account, member_id, amount_minor, currency,
           %(source_id)s, id
    FROM charged
), returned AS (
    INSERT INTO ledger_entries (booked_on, kind, debit_account, credit_account, member_id, amount_minor,
                                currency, source_id)
    SELECT %(booked_on)s, 'lapse', 'receivable:' || fund, 'members:credit', member_id, settled_minor,
           currency, %(source_id)s
    FROM lapsing WHERE settled_minor > 0
), unallocated AS (
    INSERT INTO allocations (source, source_id, member_id, period, fund, sequence, amount_minor, value_on)
    SELECT 'lapse', %(source_id)s, member_id, period, fund, sequence, -settled_minor, %(booked_on)s
    FROM lapsing WHERE settled_minor > 0
), credited AS (
    UPDATE member_accounts SET credit_minor = credit_minor + returned.amount_minor
    FROM (SELECT member_id, sum(settled_minor)::bigint AS amount_minor FROM lapsing
          WHERE settled_minor > 0 GROUP BY member_id) returned
    WHERE member_accounts.member_id = returned.member_id
), closed AS (
    UPDATE dues SET state = 'lapsed', settled_minor = 0, settled_on = NULL FROM lapsing
    WHERE (dues.member_id, dues.period, dues.fund, dues.sequence)
        = (lapsing.member_id, lapsing.period, lapsing.fund, lapsing.sequence)
)
SELECT DISTINCT member_id FROM lapsing
"""
