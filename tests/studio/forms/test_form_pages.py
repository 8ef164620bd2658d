from __future__ import annotations

import json

import pytest
from django.test import RequestFactory
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from portico.intake import schema as intake_schema
from portico.studio.forms import names, schema, words
from portico.studio.models.forms import Form


@pytest.fixture
def shown(form_page) -> HTMLParser:
    request = RequestFactory().get(form_page.url)
    return HTMLParser(form_page.serve(request).render().content)


def test_a_form_has_a_name_that_stays_when_its_page_is_renamed(form_page):
    before = form_page.form_name
    form_page.slug = "elsewhere"
    form_page.save()
    assert form_page.form_name == before == "write-to-us"


def test_a_forms_name_outlives_its_page(form_page):
    name = form_page.form_name
    form_page.delete()
    assert Form.objects.get(name=name).page is None


def test_the_schema_is_what_replicas_understand(form_page):
    (path, body), *_ = schema.items(form_page)
    found = intake_schema.parse(body)
    assert path == "/-/intake/write-to-us"
    assert found.form == "write-to-us"
    assert [(one.name, one.type, one.required) for one in found.fields] == [
        ("your_name", "text", True),
        ("e_mail", "email", True),
        ("message", "textarea", True),
        ("topic", "choice", False),
        ("website_field", "url", False),
    ]
    assert found.fields[3].choices == ("Sales", "Support")
    assert found.thanks == f"{form_page.get_url_parts()[2]}thanks/"
    assert found.honey == names.HONEY


def test_the_schema_names_no_recipient(form_page):
    assert b"example.com, boss" not in b"".join(body for _, body in schema.items(form_page))
    assert "team@example.com" not in json.dumps(schema.of(form_page))


@pytest.mark.parametrize("name", [names.PROBE, names.DRILL])
def test_porticos_own_forms_are_understood_too(form_page, name):
    found = dict(schema.items(form_page))[f"/-/intake/{name}"]
    assert intake_schema.parse(found).form == name


def test_each_language_says_all_that_the_intake_may_say():
    for language in ("en", "de"):
        assert words.says(language).keys() == intake_schema.SAYS.keys()
        assert words.of(language).keys() == words.of("en").keys()


def test_the_form_posts_to_the_intake_without_scripts(shown):
    [form] = shown.css("form[data-form]")
    assert form.attributes["action"] == "/-/intake/write-to-us"
    assert form.attributes["method"] == "post"
    named = {one.attributes["name"] for one in form.css("[name]")}
    assert {"your_name", "e_mail", "message", "_key", "_filled_ms", "_proof", names.HONEY} <= named
    assert "csrfmiddlewaretoken" not in named


def test_each_field_has_a_label_and_tells_the_browser_what_it_is(shown):
    for control in shown.css("form[data-form] .form__field :is(input, select, textarea)"):
        assert shown.css(f'label[for="{control.attributes["id"]}"]')
    assert shown.css_first("[name=e_mail]").attributes["autocomplete"] == "email"
    assert shown.css_first("[name=your_name]").attributes["autocomplete"] == "name"
    assert shown.css_first("[name=e_mail]").attributes["maxlength"] == "254"


def test_a_form_renders_the_same_each_time(form_page):
    pages = {form_page.serve(RequestFactory().get("/")).render().content for _ in range(2)}
    assert len(pages) == 1


@pytest.mark.parametrize(("told", "words"), [("thanks", "Thank you"), ("problem", "Something is missing")])
def test_thanks_and_problems_are_pages_of_their_own(form_page, told, words):
    request = RequestFactory().get("/")
    found = form_page.route(request, [told])
    page = found.page.serve(request, *found.args, **found.kwargs).render()
    assert words in page.content.decode()
    assert f"{form_page.get_url_parts()[2]}{told}/" in form_page.frozen_paths()
