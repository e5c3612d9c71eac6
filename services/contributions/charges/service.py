"""Charging a period: a run over all active members, in chunks, each whole.

A run is made once for a period and goes on after a stop where it was; run again it charges those
members who have become active since, and nobody twice: what is unique for ever is the due's key.
"""

from uuid import UUID

from sqlmodel import Session

from services.contributions.authorisations import authorisation_on
from services.contributions.calendars import calendar_of, due_on
from services.contributions.charges import problems, queries
from services.contributions.charges.models import ChargeRun
from services.contributions.charges.rows import Chargeable, ChargeRows, Charging, charge_rows
from services.contributions.events import LISTED_MAX, PeriodCharged
from services.contributions.payments import consume_credit
from services.contributions.periods import ensure_open
from services.contributions.schemes import Scheme, Terms, scheme_in_use, terms_of_period
from services.contributions.settings import settings
from services.kit import audit, clock, ids
from services.kit.db import raw
from services.kit.events import record_all
from services.kit.periods import Period
from services.kit.principals import Principal

CHUNK = 10_000


def charge_period(session: Session, period: Period, *, by: Principal) -> ChargeRun:
    """Begin to charge all active members for a period; called again, those who joined since.

    The caller defers the job that does it.
    Raises PeriodClosed, PeriodAhead, NoAuthorisation, ParameterNotInForce.
    """
    ensure_open(session, period)
    today = clock.business_today(session)
    if period.first_day > today:
        raise problems.PeriodAhead(f"{period} begins on {period.first_day}; today is {today}.")
    scheme = scheme_in_use(settings().scheme)
    terms_for(session, scheme, period)  # refuse now, not in the background
    run = queries.run_of_period(session, period, scheme.code)
    if run is None:
        run = ChargeRun(
            id=ids.new_id(),
            period=period,
            scheme=scheme.code,
            booked_on=today,
            due_on=due_on(calendar_of(scheme.calendar.country), scheme.calendar.due, period, known_on=today),
            currency=scheme.currency,
            requested_by=by.subject,
        )
    run.state, run.last_member_id, run.finished_at = "running", None, None
    run.members_total = queries.count_active_members(session)
    session.add(run)
    session.flush()
    audit.write(session, "charges.run", run.id, by=by, details={"period": str(period)})
    return run


def charge_chunk(session: Session, run_id: UUID, *, size: int = CHUNK) -> bool:
    """Charge the next members of a run; says whether there may be more. The caller commits.

    Locks the run, then the members' accounts in order of id; what is due is read after that.
    """
    run = queries.lock_run(session, run_id)
    if run.state != "running":
        return False
    connection = raw(session)
    locked = queries.lock_next_accounts(connection, run.last_member_id, size)
    if not locked:
        run.state, run.finished_at = "done", clock.now()
        return False
    members = queries.chargeable(connection, locked, run.period)
    made = charge_rows(_charging(session, run), members)
    queries.copy_in(connection, made)
    _settle_from_credit(session, run, members, made)
    charged = made.charged
    record_all(
        session,
        [
            PeriodCharged(period=str(run.period), due_on=run.due_on, charges=charged[i : i + LISTED_MAX])
            for i in range(0, len(charged), LISTED_MAX)
        ],
    )
    run.last_member_id = locked[-1]
    run.members_charged += len(charged)
    run.total_minor += made.total_minor
    return True


def terms_for(session: Session, scheme: Scheme, period: Period) -> Terms:
    """The rules for a period under the mutual's authorisation, as known today.

    Raises NoAuthorisation, ParameterNotInForce.
    """
    authorisation = authorisation_on(session, scheme.code, period.last_day)
    if authorisation is None:
        raise problems.NoAuthorisation(
            f"Put an authorisation for {scheme.code} in force that covers {period.last_day}."
        )
    return terms_of_period(
        scheme,
        period,
        known_on=clock.business_today(session),
        switches=frozenset({"infotep"} if authorisation.infotep else ()),
        permitted_minimum_minor=authorisation.minimum_wage_minor,
    )


def _charging(session: Session, run: ChargeRun) -> Charging:
    scheme = scheme_in_use(run.scheme)
    return Charging(
        run_id=run.id,
        period=run.period,
        scheme=run.scheme,
        currency=run.currency,
        booked_on=run.booked_on,
        due_on=run.due_on,
        terms=terms_for(session, scheme, run.period),
    )


def _settle_from_credit(
    session: Session, run: ChargeRun, members: list[Chargeable], made: ChargeRows
) -> None:
    """Use at once what members have as credit; what is announced as outstanding is what remains."""
    with_credit = [member.member_id for member in members if member.credit_minor > 0]
    used = consume_credit(raw(session), with_credit, source_id=run.id, booked_on=run.booked_on)
    if used:
        made.charged = [
            one.model_copy(update={"outstanding_minor": one.total_minor - used[one.member_id]})
            if one.member_id in used
            else one
            for one in made.charged
        ]
