from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from starlette.datastructures import FormData
from starlette.requests import Request

from portico.console import confirm, render
from portico.console.pages import table
from portico.kit.errors import PorticoError
from portico.operators.operator import Role
from support import consoles

STYLES = sorted((render.STATIC / "css").glob("*.css"))
TEMPLATES = sorted(render.TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("story", consoles.STORIES)
def test_the_first_page_can_be_shown_in_every_story(tmp_path: Path, story: str):
    with consoles.told(tmp_path, story) as desk:
        answer = consoles.client(desk).get("/")
    assert answer.status_code == 200
    for part in ("columns", "picture", "promises", "incidents", "publishes", "mended", "freshness", "pulse"):
        assert answer.text.count(f'id="{part}"') == 1


def test_each_part_that_is_sent_has_its_place_on_the_page(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        client = consoles.client(desk, Role.ADMIN)
        for page in table.PAGES:
            way = page.path.replace("/publishes/{id:number}", "/publishes/1")
            if "{" in way:
                continue
            shown = client.get(way).text
            found = {part: shown.count(f'id="{part}"') for part in page.live}
            assert found == dict.fromkeys(page.live, 1), way


def test_whoever_is_not_signed_in_sees_nothing_and_is_sent_to_sign_in(tmp_path: Path):
    gate = consoles.Let()
    gate.who_is = None
    with consoles.told(tmp_path, "fresh") as desk:
        client = consoles.client(desk, gate=gate)
        for page in table.PAGES:
            way = re.sub(r"\{[^}]+\}", "1", page.path)
            assert client.get(way).headers["location"].startswith("/sign-in"), way
            assert client.get(f"/live{way}").status_code == 401, way
        assert client.get("/nowhere").text.count("<nav") == 0


def test_the_first_page_stands_with_the_studio_and_the_keeper_down(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        for part in ("studio", "keeper", "guard"):
            desk.home.record(part).unlink()
        answer = consoles.client(desk).get("/")
    assert answer.status_code == 200
    picture = answer.text[answer.text.index('id="picture"') :]
    assert ">studio</text>" in picture
    assert ">down</text>" in picture


def test_old_data_is_said_plainly_with_the_moment_that_it_is_from(tmp_path: Path):
    with consoles.told(tmp_path, "keeper_dead") as desk:
        html = consoles.client(desk).get("/publishes").text
    told = " ".join(re.sub(r"<[^>]+>", " ", html[html.index('id="freshness"') :][:2500]).split())
    assert "The keeper has been silent for 4 min ." in told
    assert "The watcher has been silent for 4 min ." in told
    runbooks = re.findall(r'href="(/runbooks/[^"]*)">What to do', html)
    assert runbooks == ["/runbooks/keeper-down", "/runbooks/watcher-restarted"]
    assert "What follows of it is from" in told


def test_fresh_data_is_not_talked_about(tmp_path: Path):
    with consoles.told(tmp_path) as desk:
        assert "silent" not in consoles.client(desk).get("/").text


def test_a_page_that_is_not_there_says_what_to_do(tmp_path: Path):
    with consoles.told(tmp_path, "fresh") as desk:
        answer = consoles.client(desk).get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page." in answer.text
    assert "<nav" in answer.text


def test_a_button_without_its_token_is_refused_with_the_reason(tmp_path: Path):
    with consoles.told(tmp_path, "fresh") as desk:
        answer = consoles.client(desk).post("/publishes/back", data={"snapshot": "x"})
    assert answer.status_code == 403
    assert "This page is too old." in answer.text


def test_whether_a_person_is_proved_is_looked_up_beside_the_loop_that_serves_all(tmp_path: Path):
    class Asked(consoles.Let):
        def fresh(self, request: Request) -> bool:
            with pytest.raises(RuntimeError):
                asyncio.get_running_loop()
            return super().fresh(request)

    with consoles.told(tmp_path, "fresh") as desk:
        data = {"_token": consoles.TOKEN}
        answer = consoles.client(desk, gate=Asked()).post("/publishes/back", data=data)
    assert answer.status_code == 303


def test_a_viewer_is_told_which_role_a_button_needs(tmp_path: Path):
    with consoles.told(tmp_path, "fresh") as desk:
        client = consoles.client(desk, Role.VIEWER)
        answer = client.post("/publishes/back", data={"_token": consoles.TOKEN})
    assert answer.status_code == 403
    assert "role operator" in answer.text


def test_a_page_that_breaks_is_the_consoles_fault_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with consoles.told(tmp_path, "fresh") as desk:
        client = consoles.client(desk, raises=False)
        desk.ledger.put("DROP TABLE incidents")
        answer = client.get("/static/0/css/nothing.css")
        broken = client.get("/")
    assert answer.status_code == 404
    assert broken.status_code == 500
    assert "the homepage doesn" in broken.text
    assert "no such table" in caplog.text
    assert "no such table" not in broken.text


def test_styles_and_scripts_are_kept_by_browsers_under_addresses_that_change_with_them(tmp_path: Path):
    with consoles.told(tmp_path, "fresh") as desk:
        answer = consoles.client(desk).get(render.static("css/base.css"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


def test_a_dangerous_button_wants_the_name_written():
    confirm.named(FormData([("_named", " b ")]), "b")
    for written in ("", "a", "B"):
        with pytest.raises(PorticoError, match="expected the name 'b'"):
            confirm.named(FormData([("_named", written)]), "b")


@pytest.mark.parametrize("file", [*STYLES, *TEMPLATES], ids=lambda file: file.name)
def test_no_page_asks_another_host_and_no_style_is_inline(file: Path):
    text = re.sub(r"\{#.*?#\}", "", file.read_text(), flags=re.DOTALL)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    assert not re.search(r"url\(\s*['\"]?(?:https?:)?//|@import", text)
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|<style", text)


def test_what_others_wrote_is_as_its_readme_says():
    told = (render.STATIC / "vendor" / "README.md").read_text()
    for folder in (render.STATIC / "vendor").iterdir():
        if folder.is_dir():
            assert f"`{folder.name}`" in told
            assert (folder / "LICENCE").exists()
