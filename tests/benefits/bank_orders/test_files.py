"""The bank order's two files: every element where pain.001.001.09 wants it, and the sums."""

from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element, fromstring

from services.benefits.bank_orders.files import NAMESPACE, Line, Order, Party, csv_file, xml_file
from services.kit.money import Money

ORDER = Order(
    reference="0" * 32,
    drawn_at=datetime(2026, 7, 20, 14, 30, tzinfo=UTC),
    execute_on=date(2026, 7, 20),
    debtor=Party("Mutual de Prueba", "0001112223", "XXXXDOSD"),
    lines=[
        Line("a-1", Money(9_947_45, "DOP"), Party("Ana Muestra", "00012345678", "XXXXDOSD")),
        Line("b-1", Money(10, "DOP"), Party("Éva & <Hija>", "DO28BAGR00000001212453611324", "YYYYDOSD001")),
    ],
)


def parsed(order: Order = ORDER) -> Element:
    return fromstring(xml_file(order))


def texts(root: Element, path: str) -> list[str | None]:
    steps = "/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/"))
    return [found.text for found in root.iterfind(steps)]


def test_the_header_counts_and_sums_the_lines() -> None:
    for part in ("GrpHdr", "PmtInf"):
        assert texts(parsed(), f"CstmrCdtTrfInitn/{part}/NbOfTxs") == ["2"]
        assert texts(parsed(), f"CstmrCdtTrfInitn/{part}/CtrlSum") == ["9947.55"]
    assert texts(parsed(), "CstmrCdtTrfInitn/GrpHdr/CreDtTm") == ["2026-07-20T14:30:00Z"]
    assert texts(parsed(), "CstmrCdtTrfInitn/PmtInf/ReqdExctnDt/Dt") == ["2026-07-20"]


def test_each_line_has_its_reference_amount_and_account() -> None:
    line = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"
    assert texts(parsed(), f"{line}/PmtId/EndToEndId") == ["a-1", "b-1"]
    assert texts(parsed(), f"{line}/Amt/InstdAmt") == ["9947.45", "0.10"]
    assert texts(parsed(), f"{line}/Cdtr/Nm") == ["Ana Muestra", "Éva & <Hija>"]
    assert texts(parsed(), f"{line}/CdtrAgt/FinInstnId/BICFI") == ["XXXXDOSD", "YYYYDOSD001"]
    assert texts(parsed(), f"{line}/CdtrAcct/Id/Othr/Id") == ["00012345678"]
    assert texts(parsed(), f"{line}/CdtrAcct/Id/IBAN") == ["DO28BAGR00000001212453611324"]
    [amount] = [e.get("Ccy") for e in parsed().iter(f"{{{NAMESPACE}}}InstdAmt")][:1]
    assert amount == "DOP"


def test_the_elements_stand_in_the_schemas_order() -> None:
    [instruction] = parsed().iter(f"{{{NAMESPACE}}}PmtInf")
    names = [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in instruction]
    assert names[:9] == [
        "PmtInfId",
        "PmtMtd",
        "NbOfTxs",
        "CtrlSum",
        "ReqdExctnDt",
        "Dbtr",
        "DbtrAcct",
        "DbtrAgt",
        "CdtTrfTxInf",
    ]
    [line, _] = parsed().iter(f"{{{NAMESPACE}}}CdtTrfTxInf")
    assert [child.tag.removeprefix(f"{{{NAMESPACE}}}") for child in line] == [
        "PmtId",
        "Amt",
        "CdtrAgt",
        "Cdtr",
        "CdtrAcct",
    ]


def test_the_same_order_makes_the_same_bytes() -> None:
    assert (xml_file(ORDER), csv_file(ORDER)) == (xml_file(ORDER), csv_file(ORDER))


def test_a_name_that_xml_cannot_hold_or_the_schema_is_too_short_for_is_cut() -> None:
    odd = Party("A\x00\x0b" + "n" * 200, "1234", "XXXXDOSD")
    order = Order("r", ORDER.drawn_at, ORDER.execute_on, odd, [Line("l", Money(1, "DOP"), odd)])
    assert texts(parsed(order), "CstmrCdtTrfInitn/GrpHdr/InitgPty/Nm") == ["A" + "n" * 139]


def test_the_table_keeps_leading_zeros_and_is_safe_to_open() -> None:
    formula = Line("c-1", Money(5, "DOP"), Party("=CMD()", "0001", "XXXXDOSD"))
    order = Order("r", ORDER.drawn_at, ORDER.execute_on, ORDER.debtor, [ORDER.lines[0], formula])
    assert csv_file(order).decode("utf-8-sig").splitlines() == [
        "reference,beneficiary,bank,account,amount,currency",
        "a-1,Ana Muestra,XXXXDOSD,00012345678,9947.45,DOP",
        "c-1,'=CMD(),XXXXDOSD,0001,0.05,DOP",
    ]
