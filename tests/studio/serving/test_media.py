"""Pictures as editors see them, before anything is published."""

from __future__ import annotations

import pytest

from portico.studio.models.pictures import Picture


@pytest.fixture
def picture(studio) -> Picture:
    found = Picture.objects.exclude(file__endswith=".svg").first()
    assert found
    return found


def test_editors_see_a_picture(picture, editor):
    answer = editor.get(picture.file.url)
    assert answer.status_code == 200
    assert answer["Cache-Control"].startswith("private")
    assert "sandbox" in answer["Content-Security-Policy"]
    answer.close()


def test_nobody_else_does(client, picture):
    assert client.get(picture.file.url).status_code == 302


def test_nothing_outside_of_the_folder_is_shown(studio, editor):
    editor.raise_request_exception = False
    for path in ("/media/../secret.key", "/media/%2e%2e/secret.key", "/media//etc/passwd"):
        assert editor.get(path).status_code in {400, 404}
