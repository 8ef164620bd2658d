"""The report of broken links: inside from what is frozen, outside from what was really answered."""

import http.server
import sqlite3
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from portico.studio.editing.checks import document
from portico.studio.editing.links import keeper, looking, outside, scan, store
from portico.studio.models import OutsideLink

SITE = scan.Site({"www.example.org"}, {"/", "/about/", "/feed.atom", "/media/a.avif"}, {"/old", "/archive/*"})
PAGES = {"/": scan.Looked((), frozenset({"top-part"})), "/about/": scan.Looked((), frozenset())}


def problems(*hrefs, path="/"):
    pages = {**PAGES, path: scan.Looked(hrefs, PAGES.get(path, PAGES["/"]).ids)}
    return [one.href for one in scan.broken(pages, SITE)]


def test_links_to_pages_files_redirects_and_places_are_whole():
    fine = [
        "/about/",
        "/about",
        "about/",
        "/feed.atom",
        "/old",
        "/old/",
        "/archive/2019/",
        "/#top-part",
        "#top",
        "?q=1",
    ]
    assert (
        problems(
            *fine, "mailto:a@example.org", "https://elsewhere.example/", "https://www.example.org/about/"
        )
        == []
    )


def test_links_to_nothing_and_to_missing_places_are_broken():
    broken = ["/gone/", "https://www.example.org/gone/", "/about/#nowhere", "gone.pdf"]
    assert problems(*broken) == broken


def test_each_page_tells_a_link_once():
    assert problems("/gone/", "/gone/") == ["/gone/"]


def test_outside_addresses_are_collected_with_the_pages_that_link_to_them():
    href = "https://elsewhere.example/a?b#part"
    pages = {
        "/": scan.Looked((href, href, "/about/"), frozenset()),
        "/about/": scan.Looked((href,), frozenset()),
    }
    assert scan.outside(pages, SITE) == {"https://elsewhere.example/a?b": ["/", "/about/"]}


def test_an_address_that_is_on_every_page_names_a_few_of_them():
    pages = {f"/{number}/": scan.Looked(("https://elsewhere.example/",), ()) for number in range(50)}
    (named,) = scan.outside(pages, SITE).values()
    assert len(named) == scan.TOLD


def test_a_link_that_many_pages_share_is_looked_up_once(monkeypatch):
    asked = []
    monkeypatch.setattr(scan.Site, "has", lambda _site, path: asked.append(path) or path != "/gone/")
    pages = {f"/{number}/": scan.Looked(("/about/", "/gone/"), ()) for number in range(50)}
    assert len(scan.broken(pages, SITE)) == 50
    assert sorted(asked) == ["/about/", "/gone/"]


class Answers(http.server.BaseHTTPRequestHandler):
    """/405 dislikes HEAD, /N answers N."""

    def do_HEAD(self):
        self._answer(405 if self.path == "/no-head" else int(self.path[1:]))

    def do_GET(self):
        self._answer(200 if self.path == "/no-head" else int(self.path[1:]))

    def _answer(self, status):
        self.send_response(status)
        if status == 302:
            self.send_header("location", "http://169.254.169.254/")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def anywhere(_address):
    return True


@pytest.mark.parametrize(("path", "status"), [("/200", 200), ("/404", 404), ("/500", 500), ("/no-head", 200)])
def test_the_real_answer_is_kept(server, path, status):
    assert outside.ask(server + path, anywhere).status == status


def test_a_redirect_is_an_answer_and_is_not_followed(server):
    assert outside.ask(server + "/302", anywhere) == outside.Answer(302)


def test_nothing_inside_the_network_is_ever_asked(server):
    assert outside.ask(server + "/200").why == "it is inside a private network"
    assert not any(
        outside.is_public(address)
        for address in ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00::1"]
    )


def test_a_host_that_isnt_there_and_a_placeholder_are_told_apart(monkeypatch):
    assert outside.ask("https://company.example/").why.startswith("a placeholder")
    assert outside.ask("http://127.0.0.1:9/", anywhere).why.startswith("ConnectionRefusedError")


@pytest.fixture
def freeze(studio_folder):
    """Writes what freezing would leave: paths to HTML."""

    def frozen(revision, pages, redirects=""):
        folder = studio_folder / "frozen"
        (folder / "bodies").mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(folder / "frozen.db") as database:
            database.executescript(
                "DROP TABLE IF EXISTS items; DROP TABLE IF EXISTS meta;"
                "CREATE TABLE items(path text primary key, name text, digest text, size integer, file text);"
                "CREATE TABLE meta(key text primary key, value text);"
            )
            for number, (path, html) in enumerate(pages.items()):
                digest = f"{number:02}{revision:062}"
                (folder / "bodies" / digest[:2]).mkdir(exist_ok=True)
                (folder / "bodies" / digest[:2] / digest).write_text(html)
                name = path.strip("/") + "/index.html" if path != "/" else "index.html"
                row = (path, name.lstrip("/"), digest, len(html), "")
                database.execute("INSERT INTO items VALUES (?, ?, ?, ?, ?)", row)
            database.executemany(
                "INSERT INTO meta VALUES (?, ?)", [("revision", str(revision)), ("redirects", redirects)]
            )
        database.close()

    return frozen


@pytest.fixture
def asked():
    return []


@pytest.fixture
def keeping(studio, asked):
    def ask(url):
        asked.append(url)
        return outside.Answer(404, "Not Found") if "gone" in url else outside.Answer(200)

    return keeper.Keeper(ask)


def look(keeping):
    """The second look at the same revision is the one that scans."""
    return [keeping.look() for _look in range(2)][-1]


PAGE = '<main><a href="/nowhere/">x</a><a href="/old/">y</a><a href="https://gone.host.tld/">z</a></main>'


def test_the_keeper_scans_what_was_published_once_it_is_quiet(keeping, freeze):
    freeze(1, {"/": PAGE}, "/old /new 301")
    assert [keeping.look() for _look in range(3)] == [False, True, False]
    assert [(one.path, one.href) for one in store.broken()] == [("/", "/nowhere/")]
    freeze(2, {"/": "<main>Fine.</main>"})
    assert look(keeping)
    assert store.broken() == ()


def test_a_body_that_was_looked_at_is_not_taken_apart_again(freeze, studio_folder, monkeypatch):
    taken = []
    monkeypatch.setattr(document, "hrefs", lambda html: taken.append(html) or [])
    freeze(1, {f"/{number}/": f"<main>{number}" for number in range(20)})
    looking.look(studio_folder / "frozen", [])
    freeze(1, {f"/{number}/": f"<main>{number}" for number in range(21)})
    looking.look(studio_folder / "frozen", [])
    assert len(taken) == 21


def test_outside_links_are_asked_once_a_day_and_hourly_while_they_fail(keeping, freeze, asked):
    freeze(1, {"/": PAGE.replace("/nowhere/", "https://fine.host.tld/")})
    look(keeping)
    now = timezone.now()
    assert [keeping.ask_one(now) for _ask in range(3)] == [True, True, False]
    assert not keeping.ask_one(now + timedelta(minutes=59))
    assert keeping.ask_one(now + timedelta(minutes=61))
    assert asked[-1] == "https://gone.host.tld/"
    assert keeping.ask_one(now + timedelta(hours=25))
    gone = OutsideLink.objects.get(url="https://gone.host.tld/")
    assert (gone.status, gone.failing_since) == (404, now)
    assert [link.url for link in store.failing()] == ["https://gone.host.tld/"]


def test_an_address_that_no_page_links_to_any_longer_is_forgotten(keeping, freeze):
    freeze(1, {"/": PAGE})
    look(keeping)
    freeze(2, {"/": "<main>Fine.</main>"})
    look(keeping)
    assert not OutsideLink.objects.exists()


def test_the_report_and_the_dashboard_tell_of_them(keeping, freeze, sign_in, home):
    freeze(1, {"/": PAGE}, "/old /new 301")
    look(keeping)
    keeping.ask_one(timezone.now())
    client = sign_in("author")
    report = client.get("/studio/reports/links/").content.decode()
    assert "/nowhere/" in report
    assert "404 Not Found" in report
    assert f"/studio/pages/{home.pk}/edit/" in report
    dashboard = client.get("/studio/").content.decode()
    assert "1 link inside the site leads nowhere." in dashboard
    assert "1 address outside" in dashboard


def test_before_the_first_look_the_report_says_so(sign_in):
    assert (
        "Nothing has been looked at yet" in sign_in("author").get("/studio/reports/links/").content.decode()
    )
