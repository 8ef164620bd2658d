import pytest

from portico.console.security import agent

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (CHROME, "Chrome on Linux"),
        (f"{CHROME} Edg/131.0.0.0".replace("X11; Linux", "Windows NT 10.0; Win64"), "Edge on Windows"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox on Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on an iPhone",
        ),
        ("curl/8.5", "curl/8.5"),
        ("", "An unknown browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(told, said):
    assert agent.words(told) == said
