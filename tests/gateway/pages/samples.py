"""One sample of each page, in each state that looks different. All persons are synthetic."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from gateway.locale import Language, catalogue
from gateway.pages.approvals.views import Desk, Fact, Request
from gateway.pages.charts import CollectionChart, DayTotal
from gateway.pages.dashboard.views import Age, Arrears, Dashboard, Stage, Waiting
from gateway.pages.forms import Form
from gateway.pages.frame import Frame, Notice, Reader
from gateway.pages.help.words import TRADE_WORDS
from gateway.pages.imports.views import Import, RowError, Upload
from gateway.pages.members import views as members
from gateway.pages.payments.views import Allocation, Receipt, Till
from gateway.pages.qr import path_of
from gateway.pages.receipts.views import Verdict
from services.kit.money import Money
from services.kit.periods import Period

TODAY = date(2026, 7, 17)
NOW = datetime(2026, 7, 17, 14, 42, tzinfo=UTC)
JULY, JUNE, MAY = Period(2026, 7), Period(2026, 6), Period(2026, 5)
MEMBER_ID = "0198a1b2-0000-7000-8000-000000000001"
ALL_SCOPES = frozenset(
    {
        "approvals:read",
        "members:read",
        "members:read_personal",
        "members:import",
        "payments:take",
        "payments:read",
        "payments:reverse",
        "messages:send",
    }
)
READER = Reader("Rosa Peralta", ("cashier",), ALL_SCOPES)

Sample = tuple[str, str, dict[str, Any]]
"""Template, path, and the rest of what it is rendered with."""


def dop(amount: str) -> Money:
    return Money.parse(amount, "DOP")


def frame(language: Language, path: str, **given: Any) -> Frame:
    return Frame(**{"language": language, "path": path, "today": TODAY, "reader": READER, **given})


def dashboard() -> Sample:
    charged, collected = dop("11872413.60"), dop("9744120.35")
    june = dop("10911240.18")
    stages = (
        Stage("charged", charged, 2954, of=charged),
        Stage("collected", collected, 2431, of=charged, now=True),
        Stage("filed", dop("0.00"), 0, of=collected),
        Stage("remitted", dop("0.00"), 0, of=collected),
        Stage("relayed", dop("218300.00"), None, of=dop("305110.45")),
    )
    daily = [0, 120, 260, 200, 90, 0, 480, 510, 760, 940, 610, 380, 30, 1180, 1320, 1570, 1294]
    days, sum_minor = [], 0
    for number, thousands in enumerate(daily, 1):
        sum_minor += thousands * 100_000
        days.append(DayTotal(date(2026, 7, number), Money(sum_minor, "DOP")))
    days[-1] = DayTotal(days[-1].on, collected)
    view = Dashboard(
        period=JULY,
        stages=stages,
        waiting=(
            Waiting("Aprobaciones", 3, "/admin/approvals", "Piden una segunda persona"),
            Waiting("Afiliados por verificar", 48, "/admin/members/unverified", "Padrón de junio"),
            Waiting("Depósitos sin dueño", 7, None, "Nadie los reconoce todavía"),
        ),
        arrears=Arrears(
            412,
            june,
            (Age(1, 322, dop("1260418.02")), Age(2, 71, dop("552310.40")), Age(3, 19, dop("221006.75"))),
        ),
        chart=CollectionChart(tuple(days), charged, date(2026, 7, 1), date(2026, 7, 31), date(2026, 7, 24)),
        cut_off_on=date(2026, 7, 24),
        due_on=date(2026, 8, 5),
    )
    return "dashboard/show.html", "/admin", {"view": view}


def dashboard_of_the_first_day() -> Sample:
    nothing = dop("0.00")
    stages = tuple(
        Stage(name, nothing, 0, of=nothing)
        for name in ("charged", "collected", "filed", "remitted", "relayed")
    )
    return "dashboard/show.html", "/admin", {"view": Dashboard(JULY, stages, ())}


LINES = (
    members.MemberLine(
        MEMBER_ID, "Laura Méndez Muestra", "000214", "active", "Sindicato de Choferes", "999-0000000-1"
    ),
    members.MemberLine(
        MEMBER_ID[:-1] + "2",
        "Laureano Mendoza Ejemplo",
        "001873",
        "at_risk",
        "Asociación de Peluqueras",
        "999-0000218-3",
    ),
    members.MemberLine(
        MEMBER_ID[:-1] + "3",
        "Lourdes Méndez de la Prueba",
        "002930",
        "applicant",
        "Sindicato de Choferes",
        "999-0001734-2",
    ),
)


def find() -> Sample:
    return "members/find.html", "/admin/members", {"view": members.Results()}


def found() -> Sample:
    return "members/find.html", "/admin/members", {"view": members.Results("mendez", LINES, True)}


def nobody_found() -> Sample:
    return "members/find.html", "/admin/members", {"view": members.Results("zzyx", ())}


def unverified() -> Sample:
    view = members.Unverified(LINES, "x", is_later=True)
    return "members/unverified.html", "/admin/members/unverified", {"view": view}


ACCOUNT = members.Account(
    due=dop("8223.31"),
    credit=dop("0.00"),
    open=(
        members.OpenCharge(JUNE, date(2026, 6, 24), dop("4111.65"), dop("4111.65")),
        members.OpenCharge(JULY, date(2026, 7, 24), dop("4111.66"), dop("4111.66")),
    ),
)


LINES_OF_CHARGE = (
    ("Seguro familiar de salud, trabajador (3.04 %)", dop("560.00")),
    ("Seguro familiar de salud, empleador (7.09 %)", dop("1306.06")),
    ("Pensiones, trabajador (2.87 %)", dop("528.69")),
)


def member(cover: members.CoverState = "covered", account: members.Account = ACCOUNT) -> Sample:
    entry = members.Entry
    view = members.Member(
        id=MEMBER_ID,
        name="Laura Méndez Muestra",
        number="000214",
        state="active",
        organisation="Sindicato de Choferes",
        occupation="Chofer de carro público",
        born_on=date(1995, 3, 12),
        documents=(members.Document("C", "999-0000000-1"), members.Document("N", "999000001")),
        phone="809-555-0114",
        declared_wage=dop("18421.20"),
        family=(
            members.Relative("Pedro Muestra", "spouse", "direct", date(1993, 1, 2)),
            members.Relative("Ana Muestra Méndez", "child", "direct", date(2015, 8, 9)),
            members.Relative("Juana Ejemplo", "parent", "additional", date(1961, 2, 3)),
        ),
        coverage=members.Coverage(cover, date(2026, 7, 31), date(2026, 9, 29)),
        account=account,
        entries=(
            entry(
                "charge",
                date(2026, 7, 1),
                "Cargo de julio de 2026",
                "vence el 24 jul",
                dop("4111.66"),
                lines=LINES_OF_CHARGE,
            ),
            entry(
                "message",
                date(2026, 7, 1),
                "Amparo: su aporte de julio es RD$4,111.66, vence el 24 jul.",
                "SMS · Entregado",
            ),
            entry(
                "payment",
                date(2026, 6, 11),
                "Pago en efectivo",
                "Recibo 26-0004817",
                dop("4111.65"),
                "good",
                "/admin/payments/1",
            ),
            entry(
                "coverage",
                date(2026, 6, 4),
                "Cubierta hasta el 30 de junio de 2026",
                "La TSS confirmó el pago",
                None,
                "blue",
            ),
            entry(
                "benefit",
                date(2026, 6, 2),
                "Subsidio por enfermedad",
                "Entregado por banco",
                dop("9947.45"),
                "amber",
            ),
            entry("payment", date(2026, 5, 9), "Pago devuelto", "Recibo 26-0003120", dop("-4111.65"), "bad"),
            entry("family", date(2026, 5, 2), "Se agregó a Juana Ejemplo", "Madre, adicional"),
        ),
    )
    return "members/show.html", f"/admin/members/{MEMBER_ID}", {"view": view, "form": Form()}


def member_without_cover() -> Sample:
    paid_up = members.Account(due=dop("0.00"), credit=dop("350.00"))
    return member("tail", account=paid_up)


def member_to_verify() -> Sample:
    template, path, given = member("none")
    applicant = {
        "state": "applicant",
        "coverage": None,
        "may_be_verified": True,
        "needs_code": True,
        "entries": (),
    }
    given["view"] = replace(given["view"], **applicant)
    return template, path, given


def till(form: Form | None = None) -> Sample:
    shown = form or Form({"amount": "8223.31"})
    view = Till(MEMBER_ID, "Laura Méndez Muestra", "000214", ACCOUNT, shown)
    return "payments/new.html", f"/admin/payments/new/{MEMBER_ID}", {"view": view}


def till_refused() -> Sample:
    typed = Form({"amount": "8.223,31", "reference": "Vale 12"})
    return till(typed.refused({"amount": "Escriba el monto con punto para los centavos: 8223.31"}))


def receipt(is_reversed: bool = False) -> Sample:
    url = "https://amparo.example/r/K3V7QJ2MWX5TA"
    drawn = path_of(url)
    view = Receipt(
        payment_id="1",
        number="4990",
        amount=dop("9000.00"),
        credit=dop("776.69"),
        value_on=TODAY,
        channel="cash",
        member_id=MEMBER_ID,
        member_name="Laura Méndez Muestra",
        member_number="100214",
        outstanding=dop("0.00"),
        check_code="K3V7QJ2MWX5TA",
        check_url=url,
        qr_path=drawn.path,
        qr_size=drawn.size,
        is_reversed=is_reversed,
        allocations=(Allocation(JUNE, dop("4111.65")), Allocation(JULY, dop("4111.66"))),
        phone="(809) 555-0114",
    )
    return "payments/receipt.html", "/admin/payments/1", {"view": view, "form": Form()}


def receipt_reversed() -> Sample:
    return receipt(is_reversed=True)


def check_by_hand() -> Sample:
    return "receipts/check.html", "/r", {"view": None, "reader": None}


def check_valid() -> Sample:
    view = Verdict("valid", dop("9000.00"), TODAY)
    return "receipts/check.html", "/r/x", {"view": view, "reader": None}


def check_reversed() -> Sample:
    view = Verdict("reversed", dop("9000.00"), TODAY)
    return "receipts/check.html", "/r/x", {"view": view, "reader": None}


def check_unknown() -> Sample:
    return "receipts/check.html", "/r/x", {"view": Verdict("unknown"), "reader": None}


def upload() -> Sample:
    organisations = (("1", "Sindicato de Choferes"), ("2", "Asociación de Peluqueras"))
    view = Upload(Form({"mode": "dry_run"}), organisations)
    return "imports/new.html", "/admin/imports/new", {"view": view}


def import_in(**given: Any) -> Sample:
    whole: dict[str, Any] = {
        "id": "1",
        "file_name": "padron-choferes-julio.xlsx",
        "mode": "dry_run",
        "running": False,
        "started_at": NOW - timedelta(minutes=2),
        "rows_read": 2000,
        "rows_total": 2000,
        "good": 1963,
        "bad": 37,
        "registered": 0,
        "errors": (
            RowError(14, "cedula", "999-0000218-4", "El dígito verificador no corresponde."),
            RowError(27, "fecha_nacimiento", "31/02/1988", "Ese día no existe."),
            RowError(58, "salario", "1200.00", "Por debajo del mínimo permitido (RD$16,993.20)."),
            RowError(203, "cedula", "999-0001734-2", "Ya está en la línea 91 de este archivo."),
        ),
        "more_errors": True,
    }
    return "imports/show.html", "/admin/imports/1", {"view": Import(**(whole | given)), "form": Form()}


def import_running() -> Sample:
    return import_in(running=True, rows_read=1240, good=1218, bad=22, errors=())


def import_tried() -> Sample:
    return import_in()


def import_done() -> Sample:
    return import_in(mode="good_rows", registered=586, family=1377, may_be_verified=True, needs_code=True)


REQUESTS = (
    Request(
        "a1",
        "contributions",
        "payments.reverse",
        "Luis Guzmán",
        NOW,
        dop("4111.65"),
        (
            Fact("Recibo", "4817"),
            Fact("Afiliado", "Página del afiliado", f"/admin/members/{MEMBER_ID}"),
            Fact("Motivo dado", "Se cobró al afiliado equivocado."),
        ),
    ),
    Request(
        "a2",
        "contributions",
        "remittances.order",
        "Carmen Ortiz",
        NOW - timedelta(hours=3),
        dop("10911240.18"),
        (Fact("Mes", "junio de 2026"), Fact("Referencia", "NP-2026-06-0001"), Fact("Vence", "3 jul 2026")),
    ),
    Request(
        "a3", "registry", "authorisations.put_in_force", "Rosa Peralta", NOW - timedelta(days=1), own=True
    ),
)


def import_verifying() -> Sample:
    return import_in(mode="good_rows", registered=586, verified=120, verifying=True, errors=())


def approvals() -> Sample:
    return "approvals/list.html", "/admin/approvals", {"view": Desk(REQUESTS, Form())}


def approval_open() -> Sample:
    form = Form({"reason": ""}).refused({"reason": "Escriba por qué lo rechaza."})
    return "approvals/list.html", "/admin/approvals", {"view": Desk(REQUESTS, form, "a1")}


def nothing_to_approve() -> Sample:
    return "approvals/list.html", "/admin/approvals", {"view": Desk((), Form())}


def sign_in() -> Sample:
    return (
        "signin/new.html",
        "/admin/sign-in",
        {"form": Form(), "next": "/admin", "reader": None, "wants_new": False},
    )


def sign_in_refused() -> Sample:
    form = Form({"email": "rosa@mutual.example"}).refused({}, "E-mail, contraseña o código no son correctos.")
    return (
        "signin/new.html",
        "/admin/sign-in",
        {"form": form, "next": "/admin", "reader": None, "wants_new": False},
    )


def sign_in_with_a_first_password() -> Sample:
    form = Form({"email": "rosa@mutual.example"}).refused({"new_password": "Elija una contraseña propia."})
    given = {"form": form, "next": "/admin", "reader": None, "wants_new": True}
    return "signin/new.html", "/admin/sign-in", given


def help_page() -> Sample:
    return "help/show.html", "/admin/help", {"words": TRADE_WORDS}


def menu() -> Sample:
    return "help/menu.html", "/admin/menu", {}


def error() -> Sample:
    view = {
        "title": "Una parte no responde",
        "advice": "Espere un momento y vuelva a intentarlo. No se cambió nada.",
        "detail": "contributions: connection refused",
        "request_id": "0198a1b2c3",
    }
    return "errors/show.html", "/admin/x", {"view": view, "reader": READER}


def error_outside() -> Sample:
    template, path, given = error()
    return template, path, given | {"reader": None}


SAMPLES: dict[str, Callable[[], Sample]] = {
    made.__name__: made
    for made in (
        sign_in, sign_in_refused, sign_in_with_a_first_password, dashboard, dashboard_of_the_first_day,
        find, found, nobody_found, unverified, member, member_without_cover, member_to_verify, till,
        till_refused,
        receipt, receipt_reversed, check_by_hand, check_valid, check_reversed, check_unknown, upload,
        import_running, import_tried, import_done, import_verifying, approvals, approval_open,
        nothing_to_approve,
        help_page, menu, error, error_outside,
    )
}  # fmt: skip


def sample(name: str, language: Language) -> tuple[str, Frame, dict[str, Any]]:
    """Template, frame and view of one sample in one language."""
    template, path, given = SAMPLES[name]()
    surroundings = {"reader": given.pop("reader")} if "reader" in given else {}
    if name == "dashboard":
        words = catalogue(language)
        surroundings["notices"] = (Notice(words.gettext("Nothing more is due."), "good"),)
    return template, frame(language, path, **surroundings), given
