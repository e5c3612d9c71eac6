"""The SQL of posting. Run under the account locks, in a statement after the one that locks.

`given` is money: each piece with the stretch of its member's money that it fills (`starts` to `ends`).
`open` is what the members owe, by rank and then oldest first, each with the stretch that it needs.
Where two stretches overlap (`shares`), that money settles that due.
"""

_ALLOCATE = """
open AS (
    SELECT member_id, period, fund, sequence,
           sum(total_minor - settled_minor) OVER oldest_first - (total_minor - settled_minor) AS starts,
           sum(total_minor - settled_minor) OVER oldest_first AS ends,
           sum(total_minor - settled_minor) OVER (PARTITION BY member_id) AS outstanding_minor
    FROM dues
    WHERE member_id = ANY(%(member_ids)s::uuid[]) AND state = 'open' AND settled_minor < total_minor
    WINDOW oldest_first AS (PARTITION BY member_id ORDER BY rank, period, fund, sequence)
), shares AS (
    SELECT given.source, given.source_id, given.member_id, given.value_on, given.debit_account,
           given.currency, open.period, open.fund, open.sequence,
           (least(given.ends, open.ends) - greatest(given.starts, open.starts))::bigint AS amount_minor
    FROM given JOIN open USING (member_id)
    WHERE least(given.ends, open.ends) > greatest(given.starts, open.starts)
), settled AS (
    UPDATE dues SET settled_minor = dues.settled_minor + share.amount_minor,
                    settled_on = greatest(dues.settled_on, share.value_on)
    FROM (SELECT member_id, period, fund, sequence, sum(amount_minor)::bigint AS amount_minor,
                 max(value_on) AS value_on
          FROM shares GROUP BY member_id, period, fund, sequence) share
    WHERE (dues.member_id, dues.period, dues.fund, dues.sequence)
        = (share.member_id, share.period, share.fund, share.sequence)
), allocated AS (
    INSERT INTO allocations (source, source_id, member_id, period, fund, sequence, amount_minor, value_on)
    SELECT source, source_id, member_id, period, fund, sequence, amount_minor, value_on FROM shares
), booked AS (
    INSERT INTO ledger_entries
        (booked_on, kind, debit_account, credit_account, member_id, amount_minor, currency, source_id)
    SELECT %(booked_on)s, source, debit_account, 'receivable:' || fund, member_id,
           sum(amount_minor)::bigint, currency, source_id
    FROM shares GROUP BY source, source_id, member_id, debit_account, currency, fund
)
"""

# The keys were taken by an earlier statement of the transaction: a key that names another result was
# used before, and its payment is not fresh.
_FRESH = """
    AND EXISTS (SELECT FROM idempotency_keys taken WHERE taken.client = new.taken_by
                AND taken.route = new.route AND taken.key = new.key AND taken.result_id = new.source_id)
"""


def _post(only: str) -> str:
    return f"""
WITH given AS (
    SELECT new.*, 'payment' AS source, member.organisation_id,
           sum(new.amount_minor) OVER members_money - new.amount_minor AS starts,
           sum(new.amount_minor) OVER members_money AS ends
    FROM unnest(
            %(payment_ids)s::uuid[], %(member_ids)s::uuid[], %(amounts)s::bigint[], %(currencies)s::text[],
            %(channels)s::text[], %(debit_accounts)s::text[], %(values_on)s::date[], %(takers)s::uuid[],
            %(kinds)s::text[], %(references)s::text[], %(request_ids)s::text[], %(check_codes)s::text[],
            %(routes)s::text[], %(keys)s::text[]
         ) WITH ORDINALITY AS new (
            source_id, member_id, amount_minor, currency, channel, debit_account, value_on, taken_by,
            actor_kind, reference, request_id, check_code, route, key, place)
    JOIN members member ON member.id = new.member_id
    JOIN member_accounts account ON account.member_id = new.member_id AND account.currency = new.currency
    WHERE true {only}
    WINDOW members_money AS (PARTITION BY new.member_id ORDER BY new.place)
), {_ALLOCATE}, results AS (
    SELECT given.*,
           (given.amount_minor - coalesce(used.amount_minor, 0))::bigint AS credit_minor,
           greatest(coalesce(owed.outstanding_minor, 0) - given.ends, 0)::bigint AS outstanding_minor
    FROM given
    LEFT JOIN (SELECT source_id, sum(amount_minor) AS amount_minor FROM shares GROUP BY source_id) used
        USING (source_id)
    LEFT JOIN (SELECT DISTINCT member_id, outstanding_minor FROM open) owed USING (member_id)
), credited AS (
    UPDATE member_accounts SET credit_minor = member_accounts.credit_minor + kept.credit_minor
    FROM (SELECT member_id, sum(credit_minor)::bigint AS credit_minor FROM results
          WHERE credit_minor > 0 GROUP BY member_id) kept
    WHERE member_accounts.member_id = kept.member_id
), booked_credit AS (
    INSERT INTO ledger_entries
        (booked_on, kind, debit_account, credit_account, member_id, amount_minor, currency, source_id)
    SELECT %(booked_on)s, 'payment', debit_account, 'members:credit', member_id, credit_minor, currency,
           source_id
    FROM results WHERE credit_minor > 0
), audited AS (
    INSERT INTO audit_log (actor_id, actor_kind, action, subject_id, request_id, origin)
    SELECT taken_by, actor_kind, 'payments.post', source_id, request_id, %(origin)s FROM results
), posted AS (
    INSERT INTO payments (id, member_id, organisation_id, channel, reference, debit_account, amount_minor,
                          credit_minor, currency, value_on, booked_on, check_code, taken_by)
    SELECT source_id, member_id, organisation_id, channel, reference, debit_account, amount_minor,
           credit_minor, currency, value_on, %(booked_on)s, check_code, taken_by
    FROM results ORDER BY place
    RETURNING id, receipt_number
), receipted AS (
    SELECT results.*, posted.receipt_number FROM results JOIN posted ON posted.id = results.source_id
), announced AS (
    INSERT INTO outbox (id, name, request_id, data)
    SELECT gen_random_uuid(), 'contributions.payment_posted.v1', min(request_id), json_build_object(
        'payments', json_agg(json_build_object(
            'payment_id', source_id, 'member_id', member_id, 'organisation_id', organisation_id,
            'amount_minor', amount_minor, 'currency', currency, 'receipt_number', receipt_number,
            'check_code', check_code, 'channel', channel, 'value_on', value_on,
            'outstanding_minor', outstanding_minor) ORDER BY place))
    FROM receipted GROUP BY (place - 1) / %(listed_max)s
)
SELECT source_id, member_id, organisation_id, amount_minor, credit_minor, currency, channel, value_on,
       receipt_number, check_code, outstanding_minor
FROM receipted ORDER BY place
"""


POST = _post("")
"""Posts every payment whose member is known and keeps an account in its currency."""
POST_FRESH = _post(_FRESH)
"""Of these, only those whose idempotency key was taken for them in this transaction."""

GIVE_BACK = """
DELETE FROM idempotency_keys taken
USING unnest(%(takers)s::uuid[], %(routes)s::text[], %(keys)s::text[], %(payment_ids)s::uuid[])
      AS new (client, route, key, payment_id)
WHERE (taken.client, taken.route, taken.key, taken.result_id)
    = (new.client, new.route, new.key, new.payment_id)
  AND NOT EXISTS (SELECT FROM payments WHERE payments.id = new.payment_id)
"""

CONSUME = f"""
WITH given AS (
    SELECT 'credit' AS source, %(source_id)s::uuid AS source_id, member_id, %(booked_on)s::date AS value_on,
           'members:credit' AS debit_account, currency, 0::bigint AS starts, credit_minor AS ends
    FROM member_accounts WHERE member_id = ANY(%(member_ids)s::uuid[]) AND credit_minor > 0
), {_ALLOCATE}, used AS (
    SELECT member_id, sum(amount_minor)::bigint AS amount_minor FROM shares GROUP BY member_id
), taken AS (
    UPDATE member_accounts SET credit_minor = credit_minor - used.amount_minor
    FROM used WHERE member_accounts.member_id = used.member_id
)
SELECT member_id, amount_minor FROM used
"""
