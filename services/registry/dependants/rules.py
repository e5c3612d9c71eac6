"""Who of a family is covered free and who is paid for (Ley 87-01; DOMAIN §1).

Direct: spouse or partner, and children under 18, under 21 if studying, of any age if disabled. Additional,
paid wholly by the member: parents, parents-in-law, other children. Whether a grown child studies or is
disabled is for the promoter to see; it is not recorded, so a child's age refuses nothing here.
"""

from typing import Literal

from services.registry.dependants.problems import RelationOfOtherKind

Relation = Literal["spouse", "partner", "child", "parent", "parent_in_law", "other"]
Kind = Literal["direct", "additional"]

DIRECT_ONLY = frozenset({"spouse", "partner"})
ADDITIONAL_ONLY = frozenset({"parent", "parent_in_law", "other"})


def ensure_kind_fits(relation: Relation, kind: Kind) -> None:
    """Raises RelationOfOtherKind for a paid spouse or a free parent."""
    if kind == "additional" and relation in DIRECT_ONLY:
        raise RelationOfOtherKind(f"A {relation} is a direct dependant, covered without payment.")
    if kind == "direct" and relation in ADDITIONAL_ONLY:
        raise RelationOfOtherKind(f"A dependant of relation {relation} is additional, paid by the member.")
