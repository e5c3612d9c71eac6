"""SQL of organisations."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from services.kit import trees
from services.kit.principals import Principal
from services.registry.organisations.models import Organisation
from services.registry.organisations.problems import NoSuchOrganisation


def organisation(session: Session, organisation_id: UUID, principal: Principal) -> Organisation:
    """One organisation within the principal's reach. Raises NoSuchOrganisation."""
    found = session.exec(_within_reach(principal).where(Organisation.id == organisation_id)).one_or_none()
    if found is None:
        raise NoSuchOrganisation(f"No organisation has the id {organisation_id}.")
    return found


def lock_organisation(session: Session, organisation_id: UUID, principal: Principal) -> Organisation:
    """One organisation, held until the transaction ends. Raises NoSuchOrganisation."""
    query = _within_reach(principal).where(Organisation.id == organisation_id)
    found = session.exec(query.with_for_update(of=Organisation)).one_or_none()
    if found is None:
        raise NoSuchOrganisation(f"No organisation has the id {organisation_id}.")
    return found


def organisations(
    session: Session, principal: Principal, *, parent_id: UUID | None, after: UUID | None, limit: int
) -> list[Organisation]:
    """Organisations within the principal's reach, oldest first; those right below `parent_id` if given."""
    query = _within_reach(principal)
    if parent_id is not None:
        query = query.where(Organisation.parent_id == parent_id)
    if after is not None:
        query = query.where(col(Organisation.id) > after)
    return list(session.exec(query.order_by(col(Organisation.id)).limit(limit)))


def lock_tree(session: Session) -> None:
    """Let one transaction at a time change who belongs to whom: two at once could close a circle."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('organisations'))"))


def lies_below(session: Session, organisation_id: UUID, above_id: UUID) -> bool:
    """Whether an organisation is `above_id` itself or lies below it."""
    query = select(trees.tree_nodes.c.lineage).where(trees.tree_nodes.c.id == organisation_id)
    lineage = session.execute(query).scalar_one_or_none()
    return lineage is not None and above_id in lineage


def _within_reach(principal: Principal) -> SelectOfScalar[Organisation]:
    return select(Organisation).where(trees.within(col(Organisation.id), principal))
