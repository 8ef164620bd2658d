"""What Wagtail brings and editors rely on is on: previews, comments, versions, focal points, activity."""

import json
from datetime import timedelta

from django.utils import timezone
from wagtail.images.forms import get_image_form
from wagtail.models import Comment, Page

from portico.studio.models import Picture
from support.commenting import COMMENT


def test_the_preview_is_the_real_page_with_the_public_styles(sign_in, add_page):
    client, page = sign_in("author"), add_page("About us")
    page.title = "About all of us"
    page.save_revision()
    html = client.get(f"/studio/pages/{page.pk}/view_draft/").content.decode()
    public = client.get(page.url).content.decode()
    assert "About all of us</h1>" in html
    assert html.count("<style") == public.count("<style") > 0
    assert "csrfmiddlewaretoken" not in html


def test_the_preview_comes_in_the_widths_of_a_phone_and_of_a_desktop(sign_in, add_page):
    html = sign_in("author").get(f"/studio/pages/{add_page().pk}/edit/").content.decode()
    assert 'data-device-width="390"' in html
    assert 'data-device-width="1280"' in html


def test_a_preview_of_what_is_not_saved_yet_may_be_framed_by_the_studio_alone(sign_in, edit, add_page):
    page = add_page()
    client = edit("author", page, title="x").client
    answer = client.get(f"/studio/pages/{page.pk}/edit/preview/?in_preview_panel=true")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_editors_comment_on_a_field(edit, add_page, people):
    page = add_page()
    edit("editor", page, **COMMENT)
    assert [(one.text, one.user) for one in Comment.objects.all()] == [("Say who we are.", people["editor"])]


def test_every_version_is_kept_compared_and_brought_back(edit, add_page, sign_in):
    page = add_page("First", summary="A summary that says quite enough about this page.")
    edit("author", page, title="Second")
    page.refresh_from_db()
    assert page.revisions.count() == 2
    older, newer = page.revisions.order_by("pk")
    client = sign_in("author")
    compared = client.get(
        f"/studio/pages/{page.pk}/revisions/compare/{older.pk}...{newer.pk}/"
    ).content.decode()
    assert 'class="deletion">First' in compared
    assert 'class="addition">Second' in compared
    assert "First" in client.get(f"/studio/pages/{page.pk}/revisions/{older.pk}/revert/").content.decode()


def test_a_picture_has_a_focal_point_and_a_description(studio):
    form = get_image_form(Picture)
    assert {"focal_point_x", "focal_point_y", "description"} <= set(form.base_fields)


def test_nothing_of_the_admin_asks_a_third_party(sign_in):
    html = sign_in("root").get("/studio/").content.decode()
    assert "gravatar" not in html
    assert "releases.wagtail" not in html


def test_the_activity_names_people_things_publishes_and_undos(edit, add_page, sign_in, publish_told):
    steps = [{"name": "frozen", "seconds": 0.1}, {"name": "live", "seconds": 0.0}]
    publish_told(steps=steps, seconds=0.4, by="ada")
    page = add_page("About us")
    edit("ada", page, "action-publish", title="About all of us")
    client = sign_in("ben")
    client.post("/studio/publishing/undo/", {"snapshot": "new"})
    html = client.get("/studio/reports/activity/").content.decode()
    assert "About all of us" in html
    assert "frozen, live, 0.4 s" in html
    assert "Undo the last publish" in html
    alone = client.get("/studio/reports/activity/?who=ben").content.decode()
    assert "Undo the last publish" in alone
    assert "About all of us" not in alone


def test_the_dashboard_says_what_comes_by_itself(edit, add_page):
    page = add_page("Planned")
    later = timezone.now().replace(microsecond=0) + timedelta(hours=5)
    client = edit("ada", page, "action-publish", go_live_at=later.strftime("%Y-%m-%d %H:%M")).client
    html = client.get("/studio/").content.decode()
    assert "What comes by itself" in html
    assert "goes live" in html


def test_the_dashboard_stands_when_nothing_was_ever_published(sign_in):
    assert "Nothing has been published yet" in sign_in("author").get("/studio/").content.decode()


def test_a_failed_publish_is_on_everybodys_dashboard(sign_in, publish_told):
    publish_told(state="failed", why="home.html: uses the time of day", hint="Take it out.")
    html = sign_in("author").get("/studio/").content.decode()
    assert "The last publish did not go live." in html
    assert "home.html: uses the time of day" in html


def test_the_panel_leads_to_where_visitors_see_the_page(edit, add_page, publish_told, settings):
    publish_told(revision=10_000)
    page = add_page("About us", slug="about-us")
    client = edit("ada", page, "action-publish", title="New").client
    told = json.loads(client.get("/studio/publishing/progress/").content)
    assert told["url"] == settings.HERE.site.rstrip("/") + Page.objects.get(pk=page.pk).url


def test_snippets_are_listed_searched_and_kept_by_publishers_alone(sign_in):
    for kind in ("person", "quote", "office", "logo", "topic", "menu"):
        url = f"/studio/snippets/studio/{kind}/"
        assert sign_in("ada").get(url).status_code == 200
        assert sign_in("editor").get(url).status_code == 302


def test_menus_are_found_under_settings_and_what_is_shared_in_one_menu(sign_in):
    html = sign_in("ada").get("/studio/").content.decode()
    assert "Shared content" in html
    assert "Menus and footer" in html
