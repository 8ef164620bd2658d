"""The studio's own words are there in each language of its catalogues, and are what its editors read."""

import re
import runpy
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.utils import translation
from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def words():
    return runpy.run_path(str(ROOT / "dev" / "words.py"))


@pytest.fixture(scope="module")
def german(words):
    return polib.pofile(str(words["catalogue"]("de")))


def test_every_text_of_the_studios_own_is_translated(words, german):
    """What this names is missing: .venv/bin/python dev/words.py, then translate what it added."""
    known = {entry.msgid for entry in german if entry.translated()} | words["of_others"]("de")
    assert {text for text, _plural in words["asked_for"]()} - known == set()


def test_no_translation_is_of_a_text_that_is_gone(words, german):
    assert {entry.msgid for entry in german} - {text for text, _plural in words["asked_for"]()} == set()


def test_what_programs_read_is_what_translators_wrote(words, german):
    made = polib.mofile(str(words["catalogue"]("de").with_suffix(".mo")))
    written = {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in german}
    assert {entry.msgid: (entry.msgstr, entry.msgstr_plural) for entry in made} == written


def test_a_translation_leaves_out_nothing_that_is_filled_in(german):
    def blanks(text):
        return set(re.findall(r"%\(\w+\)[.\d]*\w|\{\w+\}", text))

    for entry in german:
        pairs = [(entry.msgid, entry.msgstr)]
        if entry.msgid_plural:
            forms = (entry.msgid, entry.msgid_plural)
            pairs = [(forms[number], text) for number, text in entry.msgstr_plural.items()]
        for english, text in pairs:
            assert blanks(text) == blanks(english), english


def test_marks_are_found_in_python_and_in_templates(words):
    assert set(words["in_python"]('x = _("one" " two")\nngettext("%(n)d a", "%(n)d b", 2)\nlog("none")')) == {
        ("one two", ""),
        ("%(n)d a", "%(n)d b"),
    }
    template = (
        "{% translate 'one' %}{{ x|default:_(\"somebody\") }} no mark "
        "{% blocktranslate count n=n %}{{ n }} a{% plural %}{{ n }} b{% endblocktranslate %}"
    )
    assert set(words["in_template"](template)) == {("one", ""), ("somebody", ""), ("%(n)s a", "%(n)s b")}


@pytest.fixture
def speaks_german(people, sign_in):
    def sign(name):
        client = sign_in(name)
        apps.get_model("wagtailusers.UserProfile").objects.update_or_create(
            user=people[name], defaults={"preferred_language": "de"}
        )
        return client

    return sign


def _shown(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    page = LexborHTMLParser(answer.content.decode())
    for node in page.css("script, style, code"):
        node.decompose()
    attributes = [
        node.attributes.get(name) or ""
        for name in ("aria-label", "placeholder", "data-w-block-data-value")
        for node in page.css(f"[{name}]")
    ]
    texts = {" ".join(text.split()) for text in page.body.text(separator="\n").split("\n")}
    labels = set(re.findall(r'"(?:label|helpText)": "([^"]*)"', " ".join(attributes)))
    return texts | labels | set(attributes)


@pytest.mark.parametrize(
    ("kind", "title"), [("newspage", "Zusammenfassung"), ("contactpage", "Felder des Formulars")]
)
def test_a_german_editor_reads_no_english_of_the_studios_own(speaks_german, german, kind, title):
    above = apps.get_model("studio.NewsIndexPage" if kind == "newspage" else "studio.HomePage")
    parent = above.objects.filter(locale__language_code="en").first()
    shown = _shown(speaks_german("ada"), f"/studio/pages/add/studio/{kind}/{parent.pk}/")
    assert title in shown
    assert shown & _english_words(german) == set()


def _english_words(german):
    """Without those that are German words, too, and those that are pages' titles."""
    titles = set(apps.get_model("wagtailcore.Page").objects.values_list("title", flat=True))
    texts = [(entry.msgid, entry.msgstr) for entry in german]
    capital = [(english[:1].upper() + english[1:], text[:1].upper() + text[1:]) for english, text in texts]
    return {text for text, _ in texts + capital} - {text for _, text in texts + capital} - titles


@pytest.mark.parametrize("url", ["/studio/", "/studio/reports/links/", "/studio/reports/activity/"])
def test_a_page_of_ours_is_in_the_language_that_was_chosen(speaks_german, german, url):
    shown = _shown(speaks_german("ada"), url)
    assert shown & {entry.msgstr for entry in german}
    assert shown & _english_words(german) == set()


def test_who_chose_nothing_reads_what_the_browser_asks_for(sign_in, client, studio):
    said = client.get("/account/login/", headers={"Accept-Language": "de-AT,de;q=0.9"}).content.decode()
    assert '<html lang="de">' in said
    assert "oder mit Ihrem Passwort" in said
    assert (
        "Was Besucher sehen"
        in sign_in("ada").get("/studio/", headers={"Accept-Language": "de"}).content.decode()
    )
    assert "What visitors get" in sign_in("ada").get("/studio/").content.decode()


def test_what_a_person_chose_holds_on_the_pages_of_signing_in(speaks_german):
    said = speaks_german("ada").get("/account/second-factor/", headers={"Accept-Language": "en"})
    assert "Schützen Sie Ihr Konto" in said.content.decode()


def test_the_sites_own_pages_are_told_by_their_paths_alone(client, studio):
    page = client.get("/", headers={"Accept-Language": "de"})
    assert '<html lang="en"' in page.content.decode()


def test_names_of_page_types_are_asked_for_when_they_are_shown():
    news = apps.get_model("studio.NewsPage")
    with translation.override("de"):
        assert str(news.get_verbose_name()) == "Artikel"
    with translation.override("en"):
        assert str(news.get_verbose_name()) == "News page"
