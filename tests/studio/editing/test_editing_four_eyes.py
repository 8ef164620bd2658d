"""Nobody brings to the public what they changed last: by no road."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import StringSegment, StringTranslation, Translation, TranslationSource

from portico.studio.editing import four_eyes
from portico.studio.editing.refusal import Refused


@pytest.fixture(autouse=True)
def policy(settings):
    settings.FOUR_EYES = True


def fresh(page):
    return Page.objects.get(pk=page.pk).specific


def test_a_publisher_cannot_publish_an_own_change_and_is_told_why(edit, add_page, said):
    page = add_page()
    answer = edit("ada", page, "action-publish", title="By Ada")
    assert answer.url == f"/studio/pages/{page.pk}/edit/"
    assert "Four eyes: you changed “By Ada” last" in said(answer.client, answer.url)
    assert fresh(page).title == "About us"
    assert fresh(page).get_latest_revision_as_object().title == "By Ada"


def test_somebody_else_publishes_it_with_the_same_button(edit, add_page):
    page = add_page()
    edit("ada", page, title="By Ada")
    edit("ben", page, "action-publish")
    assert fresh(page).title == "By Ada"


def test_somebody_else_may_not_publish_it_with_a_change_of_their_own(edit, add_page):
    page = add_page()
    edit("ada", page, title="By Ada")
    edit("ben", page, "action-publish", title="By Ada, says Ben")
    assert fresh(page).title == "About us"
    edit("ada", page, "action-publish")
    assert fresh(page).title == "By Ada, says Ben"


def test_saving_without_a_change_doesnt_make_it_somebody_elses(edit, add_page):
    page = add_page()
    edit("ada", page, title="By Ada")
    edit("ben", page)
    edit("ada", page, "action-publish")
    assert fresh(page).title == "About us"


def test_a_superuser_is_no_exception(edit, add_page):
    page = add_page()
    edit("root", page, "action-publish", title="By the root")
    assert fresh(page).title == "About us"


def test_a_new_page_waits_as_a_draft_for_a_second_pair(create, home):
    create("ada", home, "action-publish", title="New", slug="new")
    page = Page.objects.get(slug="new")
    assert not page.live


def test_a_page_that_nobody_changed_may_be_published_by_anybody(edit, add_page):
    page = add_page()
    edit("ada", page, "action-publish")
    assert fresh(page).live_revision.user.username == "ada"


def test_an_approval_needs_another_pair_too(edit, add_page, sign_in):
    page = add_page()
    edit("editor", page, "action-submit", title="By the editor")
    state = fresh(page).current_workflow_task_state
    sign_in("editor").post(f"/studio/pages/workflow/action/{page.pk}/approve/{state.pk}/")
    assert fresh(page).current_workflow_task.name == "Review"
    for _step in range(2):
        state = fresh(page).current_workflow_task_state
        sign_in("ben").post(f"/studio/pages/workflow/action/{page.pk}/approve/{state.pk}/")
    assert fresh(page).title == "By the editor"


def test_who_changes_the_page_while_approving_it_is_refused(edit, add_page):
    page = add_page()
    edit("author", page, "action-submit", title="By the author")
    approve = {"workflow-action-name": "approve", "workflow-action-extra-data": "{}"}
    edit("ada", page, "action-workflow-action", title="By Ada", **approve)
    page = fresh(page)
    assert page.current_workflow_task.name == "Review"
    assert page.get_latest_revision_as_object().title == "By Ada"


def test_publishing_in_bulk_is_refused_whole(edit, add_page, sign_in, said):
    mine, other = add_page("Mine"), add_page("Other")
    edit("ada", mine, title="Mine, by Ada")
    edit("ben", other, title="Other, by Ben")
    ids = f"id={mine.pk}&id={other.pk}"
    client = sign_in("ada")
    client.post(f"/studio/bulk/wagtailcore/page/publish/?{ids}&next=/studio/", {"include_descendants": ""})
    assert [fresh(mine).title, fresh(other).title] == ["Mine", "Other"]
    assert "you changed “Mine, by Ada” last" in said(client)


def test_scheduling_an_own_change_is_refused(edit, add_page):
    page = add_page()
    later = (timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")
    edit("ada", page, "action-publish", title="By Ada", go_live_at=later)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_scheduling_what_somebody_else_wrote_is_allowed(edit, add_page):
    page = add_page()
    later = (timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%d %H:%M")
    edit("ada", page, title="By Ada")
    edit("ben", page, "action-publish", go_live_at=later)
    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 1


def test_code_that_publishes_for_a_person_passes_the_gate(people, add_page):
    page = add_page()
    page.title = "By Ada"
    revision = page.save_revision(user=people["ada"])
    with pytest.raises(Refused):
        revision.publish(user=people["ada"], skip_permission_checks=True)
    revision.publish(user=people["ben"])
    assert fresh(page).title == "By Ada"


def test_a_copy_that_is_to_be_live_arrives_as_a_draft(sign_in, add_page, home):
    page = add_page()
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": home.pk, "publish_copies": "on"}
    sign_in("ada").post(f"/studio/pages/{page.pk}/copy/", data)
    assert not Page.objects.get(slug="copy").live


def test_going_back_to_an_older_version_needs_a_second_pair(edit, add_page, people):
    page = add_page()
    first = page.live_revision
    page.title = "Second"
    page.save_revision(user=people["ben"]).publish()
    again = first.as_object()
    revision = again.save_revision(user=people["ada"], previous_revision=first)
    with pytest.raises(Refused):
        revision.publish(user=people["ada"])


def test_without_the_policy_people_publish_what_they_wrote(settings, edit, add_page):
    settings.FOUR_EYES = False
    page = add_page()
    edit("ada", page, "action-publish", title="By Ada")
    assert fresh(page).title == "By Ada"


def test_what_the_editor_writes_into_texts_by_itself_is_no_change():
    before = {"title": "A", "body": '[{"type": "text", "value": "<p>One</p>"}]', "pk": 3}
    after = {
        "title": "A",
        "body": '[{"type": "text", "value": "<p data-block-key=\\"x1\\">One</p>", "id": "b-1"}]',
        "latest_revision_created_at": "now",
    }
    assert four_eyes.content(before) == four_eyes.content(after)


@pytest.fixture
def translation(add_page, home):
    """A page that is to be translated into German, as its owner asked for."""
    german = Locale.objects.get_or_create(language_code="de")[0]
    if not home.get_translations().filter(locale=german).exists():
        home.copy_for_translation(german, alias=True)
    page = add_page("The house", slug="the-house")
    source, _created = TranslationSource.update_or_create_from_instance(page)
    asked = Translation.objects.create(source=source, target_locale=german)
    asked.save_target(publish=False)
    return asked


@pytest.fixture
def translate(translation):
    def translated(person, text):
        segment = StringSegment.objects.filter(source=translation.source, string__data="The house").first()
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            context=segment.context,
            locale=translation.target_locale,
            defaults={"data": text, "last_translated_by": person},
        )

    return translated


def test_a_translator_does_not_publish_the_own_translation(translation, translate, people):
    translate(people["ada"], "Das Haus")
    with pytest.raises(Refused):
        translation.save_target(user=people["ada"], publish=True)
    assert Page.objects.get(pk=translation.get_target_instance().pk).title == "The house"


def test_somebody_else_publishes_a_translation(
    translation, translate, people, django_capture_on_commit_callbacks
):
    translate(people["ada"], "Das Haus")
    with django_capture_on_commit_callbacks(execute=True), LogContext(user=people["ben"]):
        translation.save_target(user=people["ben"], publish=True)
    page = translation.get_target_instance()
    assert (page.title, page.live) == ("Das Haus", True)
