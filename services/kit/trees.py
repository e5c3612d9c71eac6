"""Each part's own copy of the tree that a token's roots point into, and what lies below a root.

A node carries the ids of all above it and itself, so that "below one of these roots" is one indexed
comparison. Nodes may arrive in any order: one whose parent is unknown yet hangs at the top until the
parent comes.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Table,
    Text,
    Uuid,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from services.kit.db import metadata
from services.kit.principals import Principal

tree_nodes = Table(
    "tree_nodes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("parent_id", Uuid, nullable=True, index=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("lineage", ARRAY(Uuid), nullable=False),
    Index("ix_tree_nodes_lineage", "lineage", postgresql_using="gin"),
)


def put(session: Session, *, id: UUID, parent_id: UUID | None, name: str, kind: str, version: int) -> bool:
    """Make or change a node, if `version` is newer than what is known; says whether it was.

    Everything below it gets its new lineage in the same transaction.
    """
    taken = session.execute(
        text(
            "INSERT INTO tree_nodes (id, parent_id, name, kind, version, lineage)"
            " VALUES (:id, :parent_id, :name, :kind, :version, ARRAY[:id]::uuid[])"
            " ON CONFLICT (id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name,"
            " kind = excluded.kind, version = excluded.version"
            " WHERE tree_nodes.version < excluded.version RETURNING true"
        ),
        {"id": id, "parent_id": parent_id, "name": name, "kind": kind, "version": version},
    ).scalar_one_or_none()
    if taken:
        session.execute(_LINEAGES_BELOW, {"id": id})
    return bool(taken)


_LINEAGES_BELOW = text(
    """
    WITH RECURSIVE below AS (
        SELECT node.id, coalesce(parent.lineage, '{}') || node.id AS lineage
        FROM tree_nodes node LEFT JOIN tree_nodes parent ON parent.id = node.parent_id
        WHERE node.id = :id
        UNION ALL
        SELECT child.id, below.lineage || child.id
        FROM tree_nodes child JOIN below ON child.parent_id = below.id
        WHERE NOT child.id = ANY(below.lineage)
    )
    UPDATE tree_nodes SET lineage = below.lineage FROM below WHERE tree_nodes.id = below.id
    """
)


def within(column: Any, principal: Principal) -> ColumnElement[bool]:
    """The condition that a row's node lies at or below one of the principal's roots."""
    if principal.roots is None:
        return true()
    below = select(tree_nodes.c.id).where(tree_nodes.c.lineage.overlap(list(principal.roots)))
    condition: ColumnElement[bool] = column.in_(below)
    return condition


def reaches(session: Session, principal: Principal, node_id: UUID) -> bool:
    """Whether one node lies at or below the principal's roots. An unknown node is out of reach."""
    return principal.roots is None or is_below(session, node_id, principal.roots)


def is_below(session: Session, node_id: UUID, roots: Sequence[UUID]) -> bool:
    """Whether one node lies at or below one of `roots`. An unknown node lies nowhere."""
    lineage = session.execute(
        select(tree_nodes.c.lineage).where(tree_nodes.c.id == node_id)
    ).scalar_one_or_none()
    return lineage is not None and not set(roots).isdisjoint(lineage)
