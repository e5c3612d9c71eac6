"""Messages are CloudEvents 1.0; readers take what they declare and nothing else."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.kit.events.envelope import Head, Received, envelope, reader_of
from services.kit.events.outbox import Numbered
from services.kit.ids import new_id
from tests.kit.events.stations import Sale, ThingSold


def message(**given: Any) -> bytes:
    row: dict[str, Any] = {
        "number": 42,
        "id": new_id(),
        "name": ThingSold.name,
        "occurred_at": datetime(2026, 7, 1, 12, 30, tzinfo=UTC),
        "request_id": "request-1",
        "data": ThingSold(thing_id=new_id(), value=7).data(),
    }
    return envelope(Numbered(**(row | given)))


def test_a_message_is_a_cloud_event() -> None:
    """As the specification asks (CloudEvents 1.0.2, sections 3.1 and 3.3; JSON format 1.0.2)."""
    shown = json.loads(message())
    assert shown["specversion"] == "1.0"
    assert shown["type"] == "alpha.thing_sold.v1"
    assert shown["source"] == "/amparo/alpha"
    assert shown["datacontenttype"] == "application/json"
    assert shown["time"] == "2026-07-01T12:30:00+00:00"
    assert shown["data"]["value"] == 7
    assert all(re.fullmatch("[a-z0-9]{1,20}", attribute) for attribute in shown)
    assert all(isinstance(value, str) and value for key, value in shown.items() if key != "data")


def test_sequences_sort_as_text() -> None:
    sequences = [json.loads(message(number=number))["sequence"] for number in (9, 10, 2**40)]
    assert sequences == sorted(sequences)


def test_a_strange_request_id_does_not_break_the_message() -> None:
    odd = 'a"b\\c\nñ'
    assert json.loads(message(request_id=odd))["requestid"] == odd
    assert "requestid" not in json.loads(message(request_id=None))


def test_a_reader_takes_only_the_fields_that_it_declares() -> None:
    event = Received.of(reader_of(Sale).model_validate_json(message()))
    assert event.data == Sale(value=7)
    assert (event.number, event.producer, event.request_id) == (42, "alpha", "request-1")


@pytest.mark.parametrize("number", ["0", "-1", "9" * 30, "x"])
def test_a_number_that_cannot_be_one_is_refused(number: str) -> None:
    shown = json.loads(message()) | {"sequence": number}
    with pytest.raises(ValidationError):
        Head.model_validate_json(json.dumps(shown))
