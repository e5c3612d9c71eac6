"""What is done with organisations: each change stands in the tree, and is announced, in one transaction."""

from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from services.kit import audit, etags, ids, trees
from services.kit.events import record
from services.kit.principals import Principal
from services.registry.events import OrganisationChanged
from services.registry.organisations import queries
from services.registry.organisations.models import Organisation
from services.registry.organisations.problems import CircularTree, NameTaken, UnknownOrganisation
from services.registry.organisations.schemas import OrganisationIn, OrganisationPatch


def add_organisation(session: Session, given: OrganisationIn, *, by: Principal) -> Organisation:
    """Add an organisation. Raises UnknownOrganisation, NameTaken."""
    _ensure_may_stand_below(session, given.parent_id, by)
    organisation = Organisation(id=ids.new_id(), created_by=by.subject, **given.model_dump())
    session.add(organisation)
    _write(session, organisation, "organisations.add", by)
    return organisation


def change_organisation(
    session: Session, organisation_id: UUID, given: OrganisationPatch, *, version: int, by: Principal
) -> Organisation:
    """Rename an organisation or move it elsewhere in the tree, with all below it.

    Raises NoSuchOrganisation, VersionChanged, UnknownOrganisation, NameTaken, CircularTree.
    """
    queries.lock_tree(session)
    organisation = queries.lock_organisation(session, organisation_id, by)
    etags.ensure_version(version, organisation.version)
    changes = given.model_dump(exclude_unset=True)
    if "parent_id" in changes and changes["parent_id"] != organisation.parent_id:
        _ensure_may_stand_below(session, given.parent_id, by)
        if given.parent_id is not None and queries.lies_below(session, given.parent_id, organisation.id):
            raise CircularTree("The new parent lies below this organisation.")
    for field, value in changes.items():
        if field == "parent_id" or value is not None:
            setattr(organisation, field, value)
    organisation.version += 1
    _write(session, organisation, "organisations.change", by)
    return organisation


def _ensure_may_stand_below(session: Session, parent_id: UUID | None, by: Principal) -> None:
    """Who is limited to some organisations adds and moves only below those."""
    if parent_id is None:
        if by.roots is not None:
            raise UnknownOrganisation("Name the parent: you act for some organisations only.")
    elif session.get(Organisation, parent_id) is None or not trees.reaches(session, by, parent_id):
        raise UnknownOrganisation(f"No organisation that you act for has the id {parent_id}.")


def _write(session: Session, organisation: Organisation, action: str, by: Principal) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise NameTaken(f"{organisation.name} stands there already.") from None
    trees.put(
        session,
        id=organisation.id,
        parent_id=organisation.parent_id,
        name=organisation.name,
        kind=organisation.kind,
        version=organisation.version,
    )
    announced = OrganisationChanged(
        organisation_id=organisation.id,
        version=organisation.version,
        parent_id=organisation.parent_id,
        called=organisation.name,
        kind=organisation.kind,
    )
    record(session, announced)
    audit.write(session, action, organisation.id, by=by)
