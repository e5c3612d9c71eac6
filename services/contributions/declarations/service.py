"""Declaring a period: draw it up, set it aside, note that the agency accepted it. Filing: `filing`."""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from services.contributions.authorisations import authorisation_on
from services.contributions.calendars import CutOffRule, calendar_of, cut_off_on, due_on
from services.contributions.declarations import problems, queries
from services.contributions.declarations.models import Declaration
from services.contributions.layouts import shipped_profiles
from services.contributions.periods import ensure_open
from services.contributions.schemes import scheme_in_use
from services.contributions.settings import settings
from services.kit import audit, clock, ids
from services.kit.periods import Period
from services.kit.principals import Principal

LAYOUT = "tss-payroll"
AGENCY = "TSS"
PROCESS = "AM"


def draw_declaration(
    session: Session, period: Period, *, without_statements: bool, by: Principal
) -> Declaration:
    """Begin to draw up the payroll of a period; the caller defers the job that does it.

    Raises PeriodClosed, AlreadyDeclared, NothingCharged, ChargingRuns, StatementsMissing, NoAuthorisation.
    """
    ensure_open(session, period)
    scheme = scheme_in_use(settings().scheme)
    authorisation = authorisation_on(session, scheme.code, period.last_day)
    if authorisation is None:
        raise problems.NoAuthorisation(f"Put an authorisation in force that covers {period.last_day}.")
    if queries.standing(session, AGENCY, period, PROCESS) is not None:
        raise problems.AlreadyDeclared(f"Void the declaration of {period} to draw it anew.")
    if queries.is_charging(session, period):
        raise problems.ChargingRuns("Wait until the charge run is done.")
    count = queries.count_candidates(session, period)
    if count == 0:
        raise problems.NothingCharged(f"Charge {period} first.")
    cut_off = last_value_on(session, period)
    through = queries.statements_through(session)
    if not without_statements and (through is None or through < cut_off):
        raise problems.StatementsMissing(
            f"They reach {through}, the cut-off is {cut_off}: import them, or draw without them,"
            " which the second person will see."
        )
    declaration = Declaration(
        id=ids.new_id(),
        agency=AGENCY,
        period=period,
        process=PROCESS,
        scheme=scheme.code,
        layout=LAYOUT,
        employer_number=authorisation.employer_number,
        payroll_code=authorisation.payroll_codes[0],
        cut_off_on=cut_off,
        statements_through=through,
        candidates=count,
        currency=scheme.currency,
        file_name=shipped_profiles()[LAYOUT].name_of_file(PROCESS, authorisation.employer_number, period),
        drawn_by=by.subject,
    )
    session.add(declaration)
    session.flush()
    audit.write(session, "declarations.draw", declaration.id, by=by)
    return declaration


def void_declaration(session: Session, declaration_id: UUID, *, by: Principal) -> Declaration:
    """Set aside a declaration that was not filed, so that it can be drawn anew. Raises NotDrawn."""
    declaration = queries.lock_declaration(session, declaration_id)
    if declaration.state not in ("drawing", "drawn"):
        raise problems.NotDrawn(f"It is {declaration.state}.")
    declaration.state = "void"
    audit.write(session, "declarations.void", declaration.id, by=by)
    return declaration


def accept_declaration(
    session: Session, declaration_id: UUID, reference: str, *, by: Principal
) -> Declaration:
    """Note that the agency accepted a filed declaration; a second acceptance changes nothing.

    Raises NoSuchDeclaration (also for another agency's), NotFiled.
    """
    declaration = queries.lock_declaration(session, declaration_id)
    if by.agency is not None and declaration.agency != by.agency:
        raise problems.NoSuchDeclaration("Check the declaration's id.")
    if declaration.state == "accepted":
        return declaration
    if declaration.state != "filed":
        raise problems.NotFiled(f"It is {declaration.state}.")
    declaration.state, declaration.accepted_at = "accepted", clock.now()
    declaration.acceptance_reference = reference
    audit.write(session, "declarations.accept", declaration.id, by=by)
    return declaration


def last_value_on(session: Session, period: Period) -> date:
    """The mutual's cut-off: the last value date with which a member is on the payroll of a period."""
    calendar = scheme_in_use(settings().scheme).calendar
    days, today = calendar_of(calendar.country), clock.business_today(session)
    working_days = settings().cut_off_working_days
    rule = CutOffRule(working_days_before_due=working_days) if working_days else CutOffRule(day=31)
    return cut_off_on(days, rule, period, due_on(days, calendar.due, period, today), today)
