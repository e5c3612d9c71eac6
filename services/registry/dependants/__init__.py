"""Dependants: the families of members. Direct ones are covered free, additional ones are paid for."""

from services.registry.dependants.models import Dependant
from services.registry.dependants.problems import DependantAlreadyThere, RelationOfOtherKind
from services.registry.dependants.rules import ADDITIONAL_ONLY, DIRECT_ONLY, Relation, ensure_kind_fits
from services.registry.dependants.schemas import DependantIn, columns_of

__all__ = [
    "ADDITIONAL_ONLY",
    "DIRECT_ONLY",
    "Dependant",
    "DependantAlreadyThere",
    "DependantIn",
    "Relation",
    "RelationOfOtherKind",
    "columns_of",
    "ensure_kind_fits",
]
