"""What each role can and can't do, through the admin as a browser uses it."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Page, Workflow
from wagtail.permissions import policy_registry

from portico.studio.editing import roles
from portico.studio.models import Picture


def submit(edit, page, name="author"):
    edit(name, page, "action-submit", title="About all of us")


def approve(client, page):
    return client.post(
        f"/studio/pages/workflow/action/{page.pk}/approve/{page.current_workflow_task_state.pk}/"
    )


def test_an_author_writes_and_submits_but_never_publishes(edit, add_page):
    page = add_page()
    edit("author", page, "action-publish", title="About all of us")
    page.refresh_from_db()
    assert page.title == "About us"
    assert page.get_latest_revision_as_object().title == "About all of us"
    submit(edit, page)
    assert page.workflow_in_progress


def test_an_editors_approval_is_not_yet_the_publishers(edit, add_page, sign_in):
    page = add_page()
    submit(edit, page)
    approve(sign_in("editor"), page)
    page = Page.objects.get(pk=page.pk).specific
    assert page.current_workflow_task.name == "Publish"
    assert page.title == "About us"
    approve(sign_in("ada"), page)
    page = Page.objects.get(pk=page.pk).specific
    assert page.title == "About all of us"
    assert not page.workflow_in_progress


def test_an_author_approves_nothing(edit, add_page, sign_in):
    page = add_page()
    submit(edit, page)
    approve(sign_in("author"), page)
    assert Page.objects.get(pk=page.pk).specific.current_workflow_task.name == "Review"


def test_an_editor_asks_for_changes_and_the_author_resumes(edit, add_page, sign_in):
    page = add_page()
    submit(edit, page)
    state = page.current_workflow_task_state
    sign_in("editor").post(
        f"/studio/pages/workflow/action/{page.pk}/reject/{state.pk}/", {"comment": "Say who we are."}
    )
    assert page.current_workflow_state.status == "needs_changes"
    edit("author", Page.objects.get(pk=page.pk).specific, "action-submit", title="Who we are")
    assert page.current_workflow_state.status == "in_progress"


@pytest.mark.parametrize(
    ("name", "may"), [("author", False), ("editor", False), ("ada", True), ("root", True)]
)
def test_only_publishers_publish_unpublish_and_schedule(edit, add_page, sign_in, name, may):
    page = add_page()
    edit(name, page, "action-publish", title="Published")
    page.refresh_from_db()
    assert (page.title == "Published") is may
    sign_in(name).post(f"/studio/pages/{page.pk}/unpublish/")
    page.refresh_from_db()
    assert page.live is not may


# Wagtail leaves a rendition's temporary file to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize(
    "url",
    [
        "/studio/redirects/",
        "/studio/settings/studio/sitesettings/",
        "/studio/publishing/undo/",
    ],
)
@pytest.mark.parametrize(
    ("name", "may"), [("author", False), ("editor", False), ("ada", True), ("root", True)]
)
def test_redirects_settings_and_undo_are_the_publishers(sign_in, url, name, may):
    answer = sign_in(name).get(url, follow=True)
    assert (answer.request["PATH_INFO"] != "/studio/") is may


def test_every_role_adds_pictures_and_all_but_authors_change_other_peoples(people):
    policy = policy_registry.get_by_type(Picture)
    somebodys = Picture(title="A house", collection_id=1)

    def may(action):
        return [
            name
            for name, user in people.items()
            if policy.user_has_permission_for_instance(user, action, somebodys)
        ]

    assert [name for name, user in people.items() if policy.user_has_permission(user, "add")] == list(people)
    assert may("change") == may("delete") == ["editor", "ada", "ben", "root"]


def test_what_administrators_made_of_the_roles_survives_a_migration(studio):
    group = Group.objects.get(name=roles.AUTHORS)
    group.page_permissions.all().delete()
    roles.install()
    assert not group.page_permissions.exists()


def test_wagtails_own_moderators_are_gone(studio):
    assert sorted(Group.objects.values_list("name", flat=True)) == ["Authors", "Editors", "Publishers"]
    assert [workflow.name for workflow in Workflow.objects.all()] == ["Review, then publish"]
