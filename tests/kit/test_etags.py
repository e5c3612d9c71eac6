"""A change names the version it was made on."""

import pytest
from fastapi import Response

from services.kit.etags import IfMatchMissing, VersionChanged, ensure_version, read_if_match, show_version
from services.kit.problems import Invalid


def test_what_is_shown_can_be_sent_back() -> None:
    response = Response()
    show_version(response, 3)
    assert read_if_match(response.headers["ETag"]) == 3


@pytest.mark.parametrize(
    "sent", ["3", "*", 'W/"3"', '"3", "4"', '"x"', '""', '"٣"', '"-1"', '"' + "9" * 19 + '"']
)
def test_anything_else_is_no_version(sent: str) -> None:
    with pytest.raises(Invalid):
        read_if_match(sent)


def test_none_is_told_apart_from_an_old_one() -> None:
    with pytest.raises(IfMatchMissing):
        read_if_match(None)
    with pytest.raises(VersionChanged, match="version 4"):
        ensure_version(3, 4)
    ensure_version(4, 4)
