"""Who of a family is covered free, and who is paid for."""

import pytest

from services.registry.dependants import RelationOfOtherKind, ensure_kind_fits
from services.registry.dependants.rules import Kind, Relation

FIT: list[tuple[Relation, Kind, bool]] = [
    ("spouse", "direct", True),
    ("spouse", "additional", False),
    ("partner", "direct", True),
    ("partner", "additional", False),
    ("child", "direct", True),
    ("child", "additional", True),
    ("parent", "direct", False),
    ("parent", "additional", True),
    ("parent_in_law", "direct", False),
    ("parent_in_law", "additional", True),
    ("other", "direct", False),
    ("other", "additional", True),
]


@pytest.mark.parametrize(("relation", "kind", "fits"), FIT)
def test_each_relation_has_its_kind(relation: Relation, kind: Kind, fits: bool) -> None:
    if fits:
        ensure_kind_fits(relation, kind)
    else:
        with pytest.raises(RelationOfOtherKind):
            ensure_kind_fits(relation, kind)
