"""HTTP face of charging."""

from uuid import UUID

from fastapi import APIRouter

from services.contributions.auth import ChargingOfficer, PeriodsReader
from services.contributions.charges import jobs, problems, queries, service
from services.contributions.charges.schemas import ChargeRunIn, ChargeRunOut
from services.contributions.db import SessionDep
from services.kit.jobs import defer
from services.kit.problems import documented

router = APIRouter(prefix="/v1/charge-runs", tags=["charges"])


@router.post("", status_code=202, responses=documented(*problems.WHEN_CHARGING))
def charge_period(given: ChargeRunIn, officer: ChargingOfficer, session: SessionDep) -> ChargeRunOut:
    """Charge all active members for a period; asked again, only those who joined since are charged."""
    run = service.charge_period(session, given.period, by=officer)
    defer(session, jobs.charge_members, run_id=str(run.id))
    return ChargeRunOut.of(run)


@router.get("/{run_id}", responses=documented(problems.NoSuchChargeRun))
def read_charge_run(run_id: UUID, reader: PeriodsReader, session: SessionDep) -> ChargeRunOut:
    """A charge run and how far it has come."""
    return ChargeRunOut.of(queries.charge_run(session, run_id))
