"""Files for the browser: kept for a year under their hash, and never an old one."""

import gzip

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from gateway.pages import assets
from services.kit import problems


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    problems.install(app)
    app.include_router(assets.router)
    return TestClient(app)


def test_a_file_under_its_hash_is_kept_for_a_year(client: TestClient) -> None:
    answer = client.get(assets.url("amparo.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


@pytest.mark.parametrize("hash_given", ["", "?v=other"])
def test_a_file_under_no_hash_or_an_old_one_is_asked_for_again(client: TestClient, hash_given: str) -> None:
    answer = client.get(f"/admin/static/amparo.css{hash_given}")
    assert answer.headers["cache-control"] == "no-cache"


def test_who_does_not_take_compressed_files_gets_them_plain(client: TestClient) -> None:
    plain = client.get("/admin/static/amparo.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    packed = assets.assets()["amparo.js"].compressed
    assert gzip.decompress(packed) == plain.content


@pytest.mark.parametrize("name", ["nothing.css", "..%2Fassets.py", "styles"])
def test_what_is_not_listed_is_not_sent(client: TestClient, name: str) -> None:
    assert client.get(f"/admin/static/{name}").status_code == 404


def test_the_stylesheet_holds_every_part_and_no_comment() -> None:
    sheet = assets.assets()["amparo.css"].content.decode()
    for mark in (":root", ".shell", ".btn", ".receipt", "@media print"):
        assert mark in sheet
    assert "/*" not in sheet
