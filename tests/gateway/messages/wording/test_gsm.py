"""How long an SMS is, by 3GPP TS 23.038."""

import pytest

from gateway.messages.wording import fit, measure


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("Hola", "GSM-7", 4, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("ñé¡¿ÑüàòÉ£¥@_", "GSM-7", 13, 1),
        ("€", "GSM-7", 2, 1),
        ("[x]{y}\\~^|", "GSM-7", 2 + 8 * 2, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("á", "UCS-2", 1, 1),
        ("ç", "UCS-2", 1, 1),
        ("á" * 70, "UCS-2", 70, 1),
        ("á" * 71, "UCS-2", 71, 2),
        ("á" * 134, "UCS-2", 134, 2),
        ("á" * 135, "UCS-2", 135, 3),
        ("😀", "UCS-2", 2, 1),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
    ],
)
def test_a_text_has_its_size(text: str, encoding: str, units: int, segments: int) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)


def test_no_character_is_cut_between_two_parts() -> None:
    # 152 septets and a sign of two: the sign moves to the second part, which overflows by one.
    assert measure("a" * 152 + "€" + "a" * 151).segments == 2
    assert measure("a" * 152 + "€" + "a" * 152).segments == 3
    assert measure("a" * 153 + "€" + "a" * 151).segments == 2
    # 66 units and a pair: likewise.
    assert measure("á" * 66 + "😀" + "á" * 66).segments == 3
    assert measure("á" * 67 + "😀" + "á" * 65).segments == 2


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Número de afiliación: dígalo así", "Numero de afiliacion: digalo asi"),
        ("Añil, café, ¿qué? ¡Ya!", "Añil, café, ¿qué? ¡Ya!"),
        ("1\N{NARROW NO-BREAK SPACE}000\N{NO-BREAK SPACE}F – “sí” …", '1 000 F - "si" ...'),
        ("Jose\N{COMBINING ACUTE ACCENT} Ramo\N{COMBINING ACUTE ACCENT}n", "José Ramon"),
        ("Frère Ça", "Frère Ça"),
        ("garçon", "garcon"),
    ],
)
def test_letters_lose_their_accents_where_that_makes_them_fit(written: str, sent: str) -> None:
    assert fit(written) == sent
    assert measure(sent).encoding == "GSM-7"


def test_a_text_that_cannot_fit_keeps_its_accents() -> None:
    assert fit("Número de Олег") == "Número de Олег"
