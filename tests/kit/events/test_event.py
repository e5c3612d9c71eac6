"""Names are checked when an event is declared, and its size when it is announced."""

from typing import ClassVar
from uuid import UUID

import pytest

from services.kit.events import Event
from services.kit.events.event import DATA_BYTES_MAX, ensure_name, producer_of
from services.kit.ids import new_id
from tests.kit.events.stations import ThingSold


@pytest.mark.parametrize(
    "name",
    ["thing_sold", "alpha.thing_sold", "alpha.ThingSold.v1", "alpha.thing.sold.v1", "alpha.thing.v0", ""],
)
def test_a_name_that_is_not_part_what_happened_version_is_refused(name: str) -> None:
    with pytest.raises(TypeError, match="<part>"):
        ensure_name(name)


def test_an_event_without_a_name_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="<part>"):

        class Nameless(Event):
            thing_id: UUID


def test_the_producer_is_the_first_word_of_the_name() -> None:
    assert producer_of(ThingSold.name) == "alpha"


def test_an_event_is_frozen() -> None:
    event = ThingSold(thing_id=new_id(), value=1)
    with pytest.raises(ValueError, match="frozen"):
        event.value = 2  # type: ignore[misc]  # that is the point


def test_an_event_too_large_for_a_message_is_refused_where_it_is_announced() -> None:
    class Long(Event):
        name: ClassVar[str] = "alpha.long.v1"
        text: str

    assert Long(text="a" * (DATA_BYTES_MAX - 100)).data()
    with pytest.raises(ValueError, match="smaller chunks"):
        Long(text="ñ" * (DATA_BYTES_MAX // 2)).data()
