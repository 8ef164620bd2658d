"""Two languages, and what is shown where nobody translated."""

import pytest
from selectolax.lexbor import LexborHTMLParser
from wagtail.models import Locale, Page

from portico.studio.frame import links, numbers, surroundings, words
from portico.studio.models.home import HomePage
from portico.studio.models.site import Menu
from portico.studio.models.snippets import Person
from portico.studio.models.standard import AboutPage
from support import sitepages

pytestmark = pytest.mark.django_db


def _get(path):
    return LexborHTMLParser(sitepages.pages()[path])


def test_both_languages_say_every_word():
    assert words.LANGUAGES["de"].keys() == words.LANGUAGES["en"].keys()


def test_an_unknown_language_reads_english():
    assert words.of("fr-CA") == words.of("en")


def test_a_region_reads_its_language():
    assert words.of("de-AT")["skip"] == "Zum Inhalt"


def test_what_nobody_translated_is_shown_in_english_within_a_german_page():
    page = _get("/de/aktuelles/winter/")
    assert page.css_first("html").attributes["lang"] == "de"
    assert page.css_first("main").attributes["lang"] == "en"
    assert page.css_first(".untranslated").attributes["lang"] == "de"
    assert page.css_first("h1").text() == "What a screw does in the ice"
    assert page.css_first(".menu a").text() == "Was wir bauen"


def test_what_is_translated_says_nothing_about_it():
    assert _get("/de/aktuelles/achtunddreissig-dezibel/").css_first(".untranslated") is None


def test_a_page_offers_itself_in_the_other_language():
    link = _get("/services/slow-screws/").css_first(".languages a")
    assert link.attributes["href"] == "/de/leistungen/langsame-schnecken/"
    assert link.attributes["hreflang"] == "de"


def test_a_topic_has_one_address_and_a_name_in_each_language():
    shown = {link.attributes["href"]: link.text() for link in _get("/de/aktuelles/").css(".topics a")}
    assert shown["/de/aktuelles/tags/rivers/"] == "Flüsse"


def test_a_date_is_written_as_its_language_does():
    assert _get("/news/fish-count-2026/").css_first("time").text() == "12 November 2026"
    assert _get("/de/aktuelles/fischzaehlung-2026/").css_first("time").text() == "12. November 2026"


def test_an_amount_is_written_as_its_language_does():
    assert (numbers.grouped(46000, "en"), numbers.grouped(46000, "de")) == ("46,000", "46.000")


def test_a_link_to_an_english_page_leads_to_its_german_version_from_a_german_page():
    about = Page.objects.get(slug="about")
    assert links.address_of(about, "de", None) == "/de/ueber-uns/"
    assert links.address_of(about, "en", None) == "/about/"


def test_a_link_to_a_page_that_is_not_published_leads_nowhere():
    page = HomePage.objects.get(slug="home").get_children().live().first()
    page.live = False
    assert not links.address_of(page, "en", None)


def test_people_are_shown_in_the_language_of_the_page():
    roles = [node.text() for node in _get("/de/ueber-uns/").css(".team .mark")]
    assert "Fischbiologie" in roles


def test_people_whom_nobody_translated_are_shown_all_the_same():
    english, german = AboutPage.objects.get(slug="about"), AboutPage.objects.get(slug="ueber-uns")
    AboutPage.objects.filter(pk=german.pk).update(body=english.body)
    Person.objects.filter(name="Tom Ward", locale__language_code="de").delete()
    shown = sitepages.get("/de/ueber-uns/").content.decode()
    assert "Night watch and data" in shown
    assert "Fischbiologie" in shown


def test_without_a_menu_of_its_own_a_language_has_the_first_ones():
    Menu.objects.filter(locale__language_code="de").delete()
    assert surroundings.of("de")["menu"].locale == Locale.objects.get(language_code="en")


@pytest.mark.parametrize(("language", "title"), [("en", "run dry"), ("de", "liegt trocken")])
def test_a_wrong_address_is_answered_in_its_language(language, title):
    answer = sitepages.get(sitepages.MISSING[language])
    assert answer.status_code == 404
    assert title in LexborHTMLParser(answer.content).css_first("h1").text()
