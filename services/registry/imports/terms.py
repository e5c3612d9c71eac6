"""Under which terms a roster is read: asked of the registry once, before its first row."""

from sqlalchemy import Engine, text
from sqlmodel import Session

from services.kit import clock
from services.kit.db import raw
from services.kit.money import Money
from services.kit.sheets import heading_key
from services.registry.authorisations import wage_floor
from services.registry.imports.progress import Job
from services.registry.imports.rows import Terms
from services.registry.settings import settings


def read_terms(engine: Engine, job: Job) -> Terms:
    """Today's date and wage floor, the mutual's defaults, and the organisations that may be named."""
    with Session(engine) as session, session.begin():
        today = clock.business_today(session)
        floor = wage_floor(raw(session), today)
        return Terms(
            today=today,
            floor=Money(*floor) if floor else None,
            currency=settings().currency,
            language=settings().language,
            risk_class=settings().risk_class,
            organisation_id=job.organisation_id,
            organisations={} if job.organisation_id else _organisations(session, job),
        )


def _organisations(session: Session, job: Job) -> dict[str, str]:
    """The id of each organisation within reach, by its id and by its name, where that is one's alone."""
    rows = session.execute(
        text("SELECT id, name FROM tree_nodes WHERE CAST(:roots AS uuid[]) IS NULL OR lineage && :roots"),
        {"roots": job.roots},
    ).all()
    known: dict[str, str] = {}
    for organisation_id, name in rows:
        key = heading_key(name)
        known[key] = "" if key in known else str(organisation_id)
    return known | {str(organisation_id): str(organisation_id) for organisation_id, _ in rows}
