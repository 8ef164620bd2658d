"""What an editor sees when the studio breaks, and where it is told what broke."""

from __future__ import annotations

import logging
import types
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import path
from django.utils import translation

pytestmark = pytest.mark.django_db


def breaking(_request: object) -> None:
    raise RuntimeError("the reason")


@pytest.fixture
def broken(settings: object, db: None) -> Iterator[Client]:
    urls = types.ModuleType("urls_that_break")
    urls.urlpatterns = [path("breaks", breaking)]
    settings.ROOT_URLCONF = urls
    with translation.override("en"):  # a request that breaks leaves its language behind
        yield Client(raise_request_exception=False, SERVER_NAME="localhost")


@pytest.mark.parametrize(
    ("language", "said"), [("en", "what was saved before is kept"), ("de", "was vorher gespeichert wurde")]
)
def test_an_editor_reads_that_nothing_saved_is_lost(broken: Client, language: str, said: str):
    answer = broken.get("/breaks", headers={"accept-language": language})
    assert answer.status_code == 500
    assert said in answer.content.decode()
    assert "the reason" not in answer.content.decode()


def test_the_log_tells_what_broke_and_where(broken: Client, caplog: pytest.LogCaptureFixture):
    broken.get("/breaks")
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    assert record.exc_info
    assert "the reason" in str(record.exc_info[1])
    assert any(type(one) is logging.StreamHandler for one in logging.getLogger("django.request").handlers)
