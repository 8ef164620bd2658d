"""People in each role, and pages that they work on."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from selectolax.lexbor import LexborHTMLParser


@pytest.fixture
def people(studio):
    """By name: who is in which role. Ada and Ben are publishers both."""
    roles = {"author": "Authors", "editor": "Editors", "ada": "Publishers", "ben": "Publishers"}
    found = {}
    for name, group in roles.items():
        found[name] = get_user_model().objects.create_user(name, f"{name}@example.org")
        found[name].groups.add(apps.get_model("auth.Group").objects.get(name=group))
    found["root"] = get_user_model().objects.create_superuser("root", "root@example.org")
    return found


@pytest.fixture
def home(studio):
    return apps.get_model("wagtailcore.Site").objects.get(is_default_site=True).root_page.specific


@pytest.fixture
def add_page(home):
    """Adds a live page, published as by nobody: what the site has already."""
    model = apps.get_model("studio.StandardPage")

    def add(
        title="About us", parent=None, summary="What we do, for whom, and why we do it at all.", **fields
    ):
        page = model(title=title, summary=summary, **fields)
        (parent or home).add_child(instance=page)
        page.save_revision().publish()
        return model.objects.get(pk=page.pk)

    return add


@pytest.fixture
def sign_in(people, settings):
    """A browser of the person's own."""
    settings.SECOND_FACTOR = False

    def sign(name):
        client = Client()
        client.get("/account/login/")
        client.force_login(people[name])
        _begin_anew()
        return client

    return sign


def _begin_anew():
    """PostgreSQL raises the number at a commit, once for each: a test is a transaction without one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS portico_raise IMMEDIATE")
            cursor.execute("SELECT set_config('portico.raised', '', true)")


@pytest.fixture
def edit(sign_in):
    """Opens the editor as `name` and presses a button, with `changes` to what the form holds."""

    def press(name, page, button="", **changes):
        client = sign_in(name)
        url = f"/studio/pages/{page.pk}/edit/"
        shown = client.get(url)
        assert shown.status_code == 200, shown.headers
        data = {**fields(shown.content), **changes}
        if button:
            data[button] = "1"
        return client.post(url, data)

    return press


@pytest.fixture
def create(sign_in):
    """Fills the form of a new page as `name` and presses a button."""

    def press(name, parent, button="", **changes):
        client = sign_in(name)
        url = f"/studio/pages/add/studio/standardpage/{parent.pk}/"
        data = {**fields(client.get(url).content), **changes}
        if button:
            data[button] = "1"
        return client.post(url, data)

    return press


@pytest.fixture
def publish_told(settings, tmp_path):
    """Writes what the freezer would tell; every word of it can be given."""
    file = tmp_path / "published.json"
    settings.HERE = replace(settings.HERE, published=file)

    def tell(**words):
        known = {
            "revision": 1,
            "state": "live",
            "snapshot": "new",
            "steps": [],
            "seconds": 0.0,
            "why": "",
            "hint": "",
            "at": time.time(),
            "by": "Ada",
            "changed": [],
            "before": "old",
            "undone": None,
            "history": [],
        }
        file.write_text(json.dumps({**known, **words}))

    return tell


def fields(html):
    """The values of the page's form, as a browser would send them."""
    form = LexborHTMLParser(html.decode()).css_first("#page-edit-form")
    found = {}
    for node in form.css("input, textarea, select"):
        attributes = node.attributes
        name, kind = attributes.get("name"), attributes.get("type")
        if not name or kind in {"submit", "button", "file"} or "disabled" in attributes:
            continue
        if kind in {"checkbox", "radio"} and "checked" not in attributes:
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]")
            found[name] = chosen.attributes.get("value", "") if chosen else ""
        elif node.tag == "textarea":
            found[name] = re.sub(r"^\n", "", node.text())
        else:
            found[name] = attributes.get("value") or ""
    # a stream that is drawn by JavaScript says how many blocks it has
    found.setdefault("body-count", "0")
    found.setdefault("comments-TOTAL_FORMS", "0")
    found.setdefault("comments-INITIAL_FORMS", "0")
    return found


@pytest.fixture
def said(people):
    """What the person is told on the next page of the admin."""

    def read(client, url="/studio/"):
        page = LexborHTMLParser(client.get(url).content.decode())
        return " ".join(" ".join(node.text().split()) for node in page.css(".messages li"))

    return read
