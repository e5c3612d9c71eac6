"""Dependants: the families of members. Direct ones are covered free, additional ones are paid for."""

from services.registry.dependants.models import Dependant
from services.registry.dependants.problems import DependantAlreadyThere, RelationOfOtherKind
from services.registry.dependants.rules import Relation, ensure_kind_fits
from services.registry.dependants.schemas import DependantIn, columns_of

__all__ = [
    "Dependant",
    "DependantAlreadyThere",
    "DependantIn",
    "Relation",
    "RelationOfOtherKind",
    "columns_of",
    "ensure_kind_fits",
]
