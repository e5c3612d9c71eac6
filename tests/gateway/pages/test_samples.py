"""Every page, in every language, holds what holds for all pages."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from gateway.locale import LANGUAGES, Language
from gateway.pages.assets import assets
from gateway.pages.rendering import render
from tests.gateway.pages.samples import SAMPLES, sample

FIRST_PAGE_BYTES_MAX = 60_000
VOID = {"meta", "link", "input", "img", "br", "stop", "use", "circle", "path", "line", "ellipse"}


class Seen(HTMLParser):
    """What stands in a page: elements with their attributes, and whether they close as they open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.badly_closed: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.badly_closed.append(tag)

    def all(self, *tags: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.elements if tag in tags)


def html_of(name: str, language: Language) -> str:
    template, frame, given = sample(name, language)
    return render(template, frame, ZoneInfo("America/Santo_Domingo"), **given)


@pytest.fixture(params=[(n, la) for n in SAMPLES for la in LANGUAGES], ids=lambda p: f"{p[0]}-{p[1]}")
def page(request: pytest.FixtureRequest) -> Seen:
    name, language = request.param
    return Seen(html_of(name, language))


def test_a_page_is_well_formed(page: Seen) -> None:
    assert page.badly_closed == []
    assert page.open == []


def test_a_page_carries_no_script_or_style_of_its_own(page: Seen) -> None:
    for tag, attributes in page.elements:
        assert "style" not in attributes
        assert tag != "style"
        assert tag != "script" or attributes.get("src")
        assert not [name for name in attributes if name.startswith("on")]


def test_a_page_fetches_nothing_from_elsewhere(page: Seen) -> None:
    sources = [a.get("src") or a.get("href") or "" for a in page.all("script", "img", "link", "use")]
    assert sources
    assert all(source.startswith("/admin/static/") for source in sources)


def test_a_page_has_one_first_heading_and_one_main_part(page: Seen) -> None:
    assert len(list(page.all("h1"))) == 1
    assert len(list(page.all("main"))) == 1
    assert [html["lang"] for html in page.all("html")] != [None]


def test_no_two_things_share_a_name_and_every_pointer_points(page: Seen) -> None:
    ids = Counter(a["id"] for _, a in page.elements if "id" in a)
    assert [name for name, times in ids.items() if times > 1] == []
    for _, attributes in page.elements:
        for pointer in ("for", "aria-labelledby", "aria-describedby"):
            for name in (attributes.get(pointer) or "").split():
                assert name in ids


def test_every_field_has_a_label_and_every_picture_a_text(page: Seen) -> None:
    labelled = {a.get("for") for a in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        assert field.get("type") in ("hidden", "radio") or field.get("id") in labelled
    assert all("alt" in picture for picture in page.all("img"))


def test_what_changes_something_is_a_post_with_its_token(page: Seen) -> None:
    tokens = sum(a.get("name") == "csrf" for a in page.all("input"))
    posts = [form for form in page.all("form") if form.get("method") == "post"]
    # The form to sign in by has no session yet to have a token of.
    assert sum(form.get("action") != "/admin/sign-in" for form in posts) == tokens
    gets = [form["action"] for form in page.all("form") if form.get("method") != "post"]
    assert set(gets) <= {"/r"}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_first_page_with_all_it_needs_is_light(name: str) -> None:
    html = html_of(name, "es")
    fetched = {name: asset for name, asset in assets().items() if f"/{name}?" in html}
    assert "amparo.css" in fetched
    whole = len(html.encode()) + sum(len(asset.content) for asset in fetched.values())
    assert whole < FIRST_PAGE_BYTES_MAX


@pytest.mark.parametrize("name", SAMPLES)
def test_a_spanish_page_has_no_english_left(name: str) -> None:
    shown = re.sub(r"<[^>]+>", " ", html_of(name, "es"))
    assert re.findall(r"\b(?:the|of|and|is|this|your|not)\b", shown) == []


def test_what_was_typed_comes_back_escaped() -> None:
    from gateway.pages.forms import Form
    from tests.gateway.pages.samples import till

    typed = Form({"amount": '"><script>alert(1)</script>'}).refused({"amount": "<b>no</b>"})
    template, _, view = till(typed)
    _, frame, _ = sample("till", "es")
    html = render(template, frame, ZoneInfo("America/Santo_Domingo"), **view)
    assert "<script>alert" not in html
    assert "<b>no" not in html
    assert "&lt;script&gt;alert" in html
    assert typed.key in html
