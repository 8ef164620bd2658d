import pytest

from portico.console import within


@pytest.mark.parametrize("path", ["/", "/incidents/3", "/events?kind=order.given&last=5", "/a/..//b"])
def test_a_path_of_ours_is_kept(path):
    assert within.ours(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "/a\r\nb",
        "/\tb",
        "/a\\b",
        "javascript:1",
    ],
)
def test_whatever_leads_elsewhere_leads_to_the_first_page(path):
    assert within.ours(path) == "/"
