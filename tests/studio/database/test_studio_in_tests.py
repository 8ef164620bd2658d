from django.contrib.auth import get_user_model
from wagtail.models import Locale, Page


def test_a_studio_is_migrated_and_can_be_written_to(studio):
    assert Locale.objects.count() >= 1
    get_user_model().objects.create_user("ada")


def test_what_one_test_writes_no_other_one_sees(studio):
    assert not get_user_model().objects.filter(username="ada").exists()


def test_a_studio_of_ones_own_commits_for_real(studio_alone):
    get_user_model().objects.create_user("ada")
    assert Page.objects.exists()


def test_a_studio_of_ones_own_is_gone_afterwards(studio):
    assert not get_user_model().objects.filter(username="ada").exists()
