"""Organisations: a forest that is announced, whose branches bound what people may see."""

from uuid import UUID, uuid4

from sqlmodel import Session, select

from services.kit.events.tables import outbox
from services.kit.trees import tree_nodes
from tests import tokens
from tests.registry.people import Office


def lineage(session: Session, organisation_id: str) -> list[str]:
    query = select(tree_nodes.c.lineage).where(tree_nodes.c.id == UUID(organisation_id))
    return [str(one) for one in session.execute(query).scalar_one()]


def test_adding_one_below_another_puts_it_into_the_tree_and_announces_it(
    office: Office, session: Session
) -> None:
    union = office.organisation("Unión", kind="union")
    branch = office.organisation("Filial", parent_id=union)

    assert lineage(session, branch) == [union, branch]
    announced = session.execute(select(outbox.c.name, outbox.c.data).order_by(outbox.c.position)).all()
    assert [name for name, _ in announced] == ["registry.organisation_changed.v1"] * 2
    assert announced[1].data == {
        "organisation_id": branch,
        "version": 1,
        "parent_id": union,
        "name": "Filial",
        "kind": "association",
    }


def test_two_siblings_cannot_have_one_name(office: Office) -> None:
    union = office.organisation("Unión")
    office.organisation("Choferes", parent_id=union)
    again = {"name": "CHOFERES", "kind": "guild", "parent_id": union}
    refused = office.send(office.manager, "POST", "/v1/organisations", again)
    assert (refused.status_code, refused.json()["type"]) == (409, "name-taken")


def test_moving_one_takes_all_below_it_along(office: Office, session: Session) -> None:
    north, south = office.organisation("Norte"), office.organisation("Sur")
    branch = office.organisation("Filial", parent_id=north)
    leaf = office.organisation("Grupo", parent_id=branch, kind="group")

    moved = office.send(
        office.manager, "PATCH", f"/v1/organisations/{branch}", {"parent_id": south}, if_match='"1"'
    )

    assert (moved.status_code, moved.headers["ETag"]) == (200, '"2"')
    assert lineage(session, leaf) == [south, branch, leaf]


def test_nobody_can_be_put_below_itself(office: Office) -> None:
    top = office.organisation("Arriba")
    leaf = office.organisation("Abajo", parent_id=top)
    refused = office.send(
        office.manager, "PATCH", f"/v1/organisations/{top}", {"parent_id": leaf}, if_match='"1"'
    )
    assert (refused.status_code, refused.json()["type"]) == (409, "circular-tree")


def test_a_change_names_the_version_it_was_made_on(office: Office) -> None:
    path = f"/v1/organisations/{office.organisation()}"
    assert office.send(office.manager, "PATCH", path, {"name": "Otro"}).status_code == 428
    assert office.send(office.manager, "PATCH", path, {"name": "Otro"}, if_match='"7"').status_code == 412
    assert office.send(office.manager, "PATCH", path, {"name": "Otro"}, if_match="1").status_code == 422
    assert office.send(office.manager, "PATCH", path, {"name": "Otro"}, if_match='"1"').status_code == 200


def test_who_is_limited_to_a_branch_sees_and_adds_only_there(office: Office) -> None:
    mine, other = office.organisation("Mía"), office.organisation("Ajena")
    below = office.organisation("Debajo", parent_id=mine)
    head = tokens.staff("organisations:read", "organisations:write", roots=[UUID(mine)])

    listed = office.send(head, "GET", "/v1/organisations").json()["items"]
    assert [one["id"] for one in listed] == [mine, below]
    assert office.send(head, "GET", f"/v1/organisations/{other}").status_code == 404
    for parent_id, expected in ((below, 201), (other, 422), (None, 422), (str(uuid4()), 422)):
        body = {"name": "Nueva", "kind": "group", "parent_id": parent_id}
        assert office.send(head, "POST", "/v1/organisations", body).status_code == expected


def test_a_list_is_walked_page_by_page(office: Office) -> None:
    made = [office.organisation() for _ in range(5)]
    seen: list[str] = []
    path = "/v1/organisations?limit=2"
    while path:
        page = office.send(office.manager, "GET", path)
        seen += [one["id"] for one in page.json()["items"]]
        link = page.headers.get("Link")
        path = "/v1/organisations" + link.partition("<")[2].partition(">")[0] if link else ""
    assert seen == made
