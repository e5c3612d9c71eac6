"""What somebody who types into one box may mean."""

import pytest

from services.registry.searches.rules import Wanted, wanted, words_query
from services.registry.searches.schemas import SearchIn

TYPED = [
    ("999-0000001-8", Wanted(document="99900000018", member_number=99900000018)),
    ("100042", Wanted(document="100042", member_number=100042)),
    ("809 555 0100", Wanted(document="8095550100", member_number=8095550100, phone="+18095550100")),
    ("sc-123 456", Wanted(document="SC123456")),
    ("Méndez, Laura", Wanted(words=("laura", "mendez"))),
    ("  d'óleo ", Wanted(words=("doleo",))),
    ("9" * 30, Wanted(document="9" * 30)),
    ("%' --", Wanted()),
]


@pytest.mark.parametrize(("typed", "meant"), TYPED)
def test_a_text_is_read_as_whatever_it_may_be(typed: str, meant: Wanted) -> None:
    assert wanted(SearchIn(text=typed)) == meant


def test_words_are_looked_for_whole_then_as_beginnings() -> None:
    assert words_query(("laura", "me"), "whole") == "'laura' & 'me'"
    assert words_query(("laura", "me"), "begun") == "'laura':* & 'me'"
    assert words_query(("me",), "begun") == "'me':*"
    assert words_query((), "whole") == ""
