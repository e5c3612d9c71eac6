"""Where one can go: the menu, cut to what the person's scopes allow.

The menu only hides; what a person may do is decided by the services, from the token.
"""

from collections.abc import Set
from dataclasses import dataclass

from gateway.pages.words import N_


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: `thumb` ones also stand at the foot of a phone's screen, four at the most."""

    path: str
    title: str
    icon: str
    scope: str | None = None
    under: str | None = None
    """Where the pages that belong to this entry lie, if not under its own path."""
    thumb: bool = False
    short: str | None = None
    """A word that fits under a thumb, where the title is too long for it."""


HOME = Place("/admin", N_("Home"), "home", thumb=True)
PLACES = (
    HOME,
    Place("/admin/members", N_("Members"), "people", "members:read", thumb=True),
    Place(
        "/admin/payments/new",
        N_("Take a payment"),
        "coin",
        "payments:take",
        under="/admin/payments",
        thumb=True,
        short=N_("Pay in"),
    ),
    Place(
        "/admin/approvals",
        N_("Approvals"),
        "stamp",
        "approvals:read",
        thumb=True,
        short=N_("Approve"),
    ),
    Place("/admin/imports/new", N_("Import a roster"), "upload", "members:import", "/admin/imports"),
    Place("/admin/help", N_("Help"), "help"),
)


def places(scopes: Set[str]) -> list[Place]:
    """The entries open to somebody with `scopes`, in the menu's order."""
    return [place for place in PLACES if place.scope is None or place.scope in scopes]


def current(path: str) -> str:
    """The path of the entry that a page belongs to, or "" if it belongs to none."""
    if path == HOME.path:
        return path
    for place in PLACES[1:]:
        root = place.under or place.path
        if path == root or path.startswith(root + "/"):
            return place.path
    return ""
