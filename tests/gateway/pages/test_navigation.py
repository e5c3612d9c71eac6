"""The menu shows what the reader may do, and where the reader is."""

import pytest

from gateway.pages.navigation import PLACES, current, places


def test_who_may_nothing_sees_only_what_is_everybodys() -> None:
    assert {place.path for place in places(frozenset())} == {
        "/admin",
        "/admin/help",
    }


def test_a_scope_opens_its_entry() -> None:
    paths = [place.path for place in places({"payments:take"})]
    assert "/admin/payments/new" in paths
    assert "/admin/members" not in paths


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/admin", "/admin"),
        ("/admin/members/1", "/admin/members"),
        ("/admin/payments/1", "/admin/payments/new"),
        ("/admin/payments/new/1", "/admin/payments/new"),
        ("/admin/imports/1", "/admin/imports/new"),
        ("/admin/membership", ""),
        ("/r/x", ""),
    ],
)
def test_a_page_belongs_to_its_entry(path: str, entry: str) -> None:
    assert current(path) == entry


def test_no_more_than_four_fit_under_a_thumb() -> None:
    assert sum(place.thumb for place in PLACES) <= 4
