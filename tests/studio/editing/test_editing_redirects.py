"""Redirects that make themselves: new slugs, moves, whole branches, and every language."""

import pytest
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Locale, Page


@pytest.fixture
def old_paths():
    def read():
        return sorted(Redirect.objects.filter(automatically_created=True).values_list("old_path", flat=True))

    return read


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Wagtail makes a slug's redirects when the change is committed."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def german(home):
    """The German homepage."""
    locale = Locale.objects.get_or_create(language_code="de")[0]
    there = home.get_translations().filter(locale=locale).first()
    return (there or home.copy_for_translation(locale, alias=True)).specific


def test_a_new_slug_leaves_a_redirect_for_the_page_and_everything_below_it(edit, add_page, old_paths, commit):
    parent = add_page("About us", slug="about-us")
    add_page("Team", parent=parent, slug="team")
    with commit():
        edit("ada", parent, "action-publish", slug="company")
    assert old_paths() == ["/about-us", "/about-us/team"]
    assert Redirect.objects.get(old_path="/about-us/team").redirect_page.slug == "team"


def test_a_slug_that_is_only_a_draft_leaves_none(edit, add_page, old_paths):
    edit("ada", add_page("About us", slug="about-us"), slug="company")
    assert old_paths() == []


def test_a_move_in_the_admin_leaves_redirects_for_the_whole_branch(sign_in, add_page, old_paths):
    branch = add_page("Branch", slug="branch")
    add_page("Leaf", parent=branch, slug="leaf")
    target = add_page("Target", slug="target")
    sign_in("ada").post(f"/studio/pages/{branch.pk}/move/{target.pk}/confirm/")
    assert Page.objects.get(slug="leaf").url_path.endswith("/target/branch/leaf/")
    assert old_paths() == ["/branch", "/branch/leaf"]


def test_another_order_of_the_same_pages_leaves_none(add_page, old_paths):
    one, two = add_page("One"), add_page("Two")
    two.move(one, pos="left")
    assert old_paths() == []


def test_a_page_that_goes_back_to_its_old_slug_is_found_by_both(edit, add_page, old_paths, commit):
    page = add_page("About us", slug="about-us")
    for slug in ("company", "about-us"):
        with commit():
            edit("ada", page, "action-publish", slug=slug)
    assert "/company" in old_paths()
    assert Page.objects.get(pk=page.pk).url == "/about-us/"


def test_a_new_slug_of_a_translation_leaves_a_redirect_in_its_language(add_page, german, old_paths, commit):
    page = add_page("Über das Haus", parent=german, slug="ueber-das-haus", locale=german.locale)
    with commit():
        page.slug = "haus"
        page.save_revision().publish()
    assert old_paths() == ["/de/ueber-das-haus"]


def test_a_fallback_in_another_language_leaves_one_too(add_page, german, old_paths, commit):
    page = add_page("The house", slug="the-house")
    page.copy_for_translation(german.locale, alias=True)
    with commit():
        page.slug = "house"
        page.save_revision().publish()
    aliased = Page.objects.get(alias_of=page.pk)
    expected = {"/the-house"} | ({"/de/the-house"} if aliased.slug == "house" else set())
    assert set(old_paths()) == expected
