"""From a file to settings, or to one clear line that names path and expectation."""

from pathlib import Path

import pytest

from portico.config import load
from portico.kit.errors import ConfigError, Exit


def told(text, tmp_path):
    file = tmp_path / load.FILE
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load.load(file, None, cwd=tmp_path)
    assert caught.value.where == str(file)
    return caught.value.what


def test_without_a_file_the_defaults_hold(tmp_path):
    config = load.load(None, None, cwd=tmp_path)
    assert config.file is None
    assert config.settings.clusters.names == ["a", "b"]
    assert config.settings.source.folder is None


def test_the_home_lies_beside_the_file(tmp_path):
    (tmp_path / "portico.toml").write_text("")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    config = load.load(None, None, cwd=tmp_path / "deep" / "er")
    assert config.file == tmp_path / "portico.toml"
    assert config.home.root == tmp_path / ".portico"


def test_without_a_file_the_home_lies_in_the_working_directory(tmp_path):
    assert load.load(None, None, cwd=tmp_path).home.root == tmp_path / ".portico"


def test_a_home_that_was_asked_for_is_taken(tmp_path):
    (tmp_path / "portico.toml").write_text("")
    assert load.load(None, tmp_path / "else", cwd=tmp_path).home.root == tmp_path / "else"


def test_the_nearest_file_above_is_found(tmp_path):
    near = tmp_path / "near"
    (near / "below").mkdir(parents=True)
    for folder in (tmp_path, near):
        (folder / "portico.toml").write_text("")
    assert load.find(near / "below") == near / "portico.toml"


def test_a_folder_of_that_name_is_not_taken_for_the_file(tmp_path):
    (tmp_path / "portico.toml").mkdir()
    assert load.find(tmp_path) != tmp_path / "portico.toml"


def test_paths_are_relative_to_the_file_not_to_the_working_directory(tmp_path):
    file = tmp_path / "site" / "my.toml"
    file.parent.mkdir()
    file.write_text('source.folder = "public"\nedge.certificate = "../tls/one.pem"\n')
    settings = load.load(file, None, cwd=tmp_path).settings
    assert settings.source.folder == tmp_path / "site" / "public"
    assert settings.edge.certificate == tmp_path / "site" / "../tls/one.pem"


def test_what_the_channels_name_is_relative_to_the_file_too(tmp_path):
    file = tmp_path / "site" / "my.toml"
    file.parent.mkdir()
    file.write_text(
        'notify.oncall = "oncall.ics"\nnotify.dead_mans_switch_file = "switch.url"\n'
        '[[notify.channels]]\nname = "mail"\nurl_file = "mail.url"\n'
        '[[notify.channels]]\nname = "hook"\nurl = "json://localhost"\n'
    )
    notify = load.load(file, None, cwd=tmp_path).settings.notify
    assert notify.oncall == file.parent / "oncall.ics"
    assert notify.dead_mans_switch_file == file.parent / "switch.url"
    assert [channel.url_file for channel in notify.channels] == [file.parent / "mail.url", None]


@pytest.mark.parametrize(
    "text",
    [
        '[[notify.channels]]\nname = "a"\nurl = ["json://top-secret"]',
        '[[notify.channels]]\nname = "A"\nurl = "json://top-secret"',
        '[[notify.channels]]\nnam = "a"\nurl = "json://top-secret"',
        '[[notify.channels]]\nname = "a"\nurl = "json://top-secret"\nurl_file = "x"',
        'notify.dead_mans_switch = ["top-secret"]',
    ],
)
def test_an_error_shows_no_secret(tmp_path, text):
    assert "top-secret" not in told(text, tmp_path)


def test_an_absolute_path_stays(tmp_path):
    (tmp_path / "portico.toml").write_text('source.folder = "/srv/www"\n')
    assert load.load(None, None, cwd=tmp_path).settings.source.folder == Path("/srv/www")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            'clusters.replicas = "two"',
            'clusters/replicas: expected a whole number from 1 to 16, got "two"',
        ),
        ("clusters.replicas = 0", "clusters/replicas: expected a whole number from 1 to 16, got 0"),
        ("clusters.replicas = 2.5", "clusters/replicas: expected a whole number from 1 to 16, got 2.5"),
        ("clusters.replicas = true", "clusters/replicas: expected a whole number from 1 to 16, got true"),
        ('clusters.replicas = "2"', 'clusters/replicas: expected a whole number from 1 to 16, got "2"'),
        (
            "edge.max_connections = 1",
            "edge/max_connections: expected a whole number of at least 16, got 1",
        ),
        ('clusters.names = ["a"]', 'clusters/names: expected a list of 2 to 8 names, got ["a"]'),
        ("edge.hosts = []", "edge/hosts: expected a list of at least 1 host name, got []"),
        (
            "edge.hosts = [1]",
            (
                "edge/hosts/0: expected a host name of letters, digits, dots and dashes, without a port,"
                " or an address, got 1"
            ),
        ),
        ("edge.certificate = 1", "edge/certificate: expected a path, got 1"),
        ('source.kind = "ftp"', 'source/kind: expected "studio" or "folder", got "ftp"'),
        ('source.strict = "yes"', 'source/strict: expected true or false, got "yes"'),
        ("keeper.soak_s = -1", "keeper/soak_s: expected a number of at least 0, got -1"),
        ("slo.availability = 100", "slo/availability: expected a number above 50 and below 100, got 100"),
        ("slo.latency_ms = 0", "slo/latency_ms: expected a number above 0, got 0"),
        ("keeper.soak_s = nan", "keeper/soak_s: expected a number of at least 0, got NaN"),
        ("clusters = 3", "clusters: expected a table, got 3"),
        ("source.folder = { path = 1 }", "source/folder: expected a path, got a table"),
        ('clusters.names = ["a", "a"]', "clusters: expected names that differ, got a, a"),
        (
            "clusters.replicas = 9",
            "clusters: expected replicas to be at most max_replicas (8), got 9",
        ),
        (
            'clusters.names = ["a", "mirror"]',
            "clusters: expected another name than mirror, which is the last resort's",
        ),
        ('source.foldr = "x"', "source/foldr: unknown key, did you mean folder?"),
        ("[sorce]", "sorce: unknown key, did you mean source?"),
        ("replicas = 3", "replicas: unknown key, did you mean clusters/replicas?"),
        ("edge.keep = 3", "edge/keep: unknown key, did you mean snapshots/keep?"),
        ("colour = 3", "colour: unknown key"),
        ("notify.channels = 3", "notify/channels: expected a list of any number of tables, got 3"),
        (
            '[[notify.channels]]\nurl = "json://x"',
            (
                "notify/channels/0/name: expected a name of at most 31 small letters, digits and dashes,"
                " first a letter, got nothing"
            ),
        ),
        (
            '[[notify.channels]]\nname = "a"\nurl = 5',
            "notify/channels/0/url: expected a text, got something else",
        ),
        (
            '[[notify.channels]]\nname = "a"\nurl = "json://x"\nseverty = "info"',
            "notify/channels/0/severty: unknown key, did you mean severity?",
        ),
        ('[[notify.channels]]\nname = "a"', "notify/channels/0: expected either url or url_file"),
        (
            '[[notify.channels]]\nname = "a"\nurl = "json://x"\nfallback = "b"',
            "notify: expected channel a to fall back to one of a, got b",
        ),
        (
            '[[notify.channels]]\nname = "a"\nurl = "json://x"\nfallback = "a"',
            "notify: expected channel a to fall back to another one than itself",
        ),
        (
            'notify.escalation = ["boss"]',
            "notify: expected escalation to name channels, of which there are none, got boss",
        ),
        (
            'notify.timezone = "Mars/Olympus"',
            "notify/timezone: expected a zone's name such as Europe/Berlin, got 'Mars/Olympus'",
        ),
        (
            'notify.link = "ops.example.com"',
            "notify/link: expected an address that begins with https:// or http://, got 'ops.example.com'",
        ),
        (
            'notify.quiet_hours = "late"',
            "notify/quiet_hours: expected hours such as 22:00-07:00, got 'late'",
        ),
        (
            'notify.quiet_hours = "22:00-25:00"',
            "notify/quiet_hours: expected hours such as 22:00-07:00, got '22:00-25:00'",
        ),
        (
            'notify.quiet_hours = "7:00-07:00"',
            "notify/quiet_hours: expected hours that begin and end at different times, got '7:00-07:00'",
        ),
    ],
)
def test_a_wrong_value_is_told_by_path_expectation_and_what_was_got(tmp_path, text, line):
    assert told(text, tmp_path) == line


def test_without_a_folder_the_site_comes_from_the_studio(tmp_path):
    assert load.load(None, None, cwd=tmp_path).settings.runs_studio


def test_who_names_a_folder_means_it(tmp_path):
    settings = load.parse({"source": {"folder": "public"}}, where="")
    assert settings.source.kind == "folder"
    assert not settings.runs_studio


def test_where_the_studios_database_is_lies_in_a_file(tmp_path):
    (tmp_path / "portico.toml").write_text('studio.database_file = "db.url"\nstudio.path = "apps"\n')
    asked = load.load(None, None, cwd=tmp_path).settings.studio
    assert (asked.database_file, asked.path) == (tmp_path / "db.url", tmp_path / "apps")


def test_the_studios_address_ends_in_a_slash(tmp_path):
    settings = load.parse({"studio": {"address": "https://studio.example.com"}}, where="")
    assert settings.studio.address == "https://studio.example.com/"


def test_an_app_is_named_as_python_names_modules(tmp_path):
    assert told('studio.apps = ["my-site"]', tmp_path).startswith(
        "studio/apps/0: expected the dotted name of a Django app"
    )


@pytest.mark.parametrize("host", ["a b", "", "localhost:8443", "müller.example", "*.example.org", "a}", "-a"])
def test_a_host_name_is_plain_as_it_stands_in_the_edges_configuration(tmp_path, host):
    assert told(f'edge.hosts = ["{host}"]', tmp_path).startswith("edge/hosts/0: expected a host name")


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "::1", "xn--mller-kva.example", "WWW.example.org"]
)
def test_names_and_addresses_are_hosts(tmp_path, host):
    file = tmp_path / "portico.toml"
    file.write_text(f'edge.hosts = ["{host}"]\n')
    assert load.load(file, None, cwd=tmp_path).settings.edge.hosts == [host]


@pytest.mark.parametrize("name", ["B", "", "a1", "-a", "a" * 17, "a b"])
def test_a_clusters_name_is_short_and_plain(tmp_path, name):
    line = told(f'clusters.names = ["a", "{name}"]', tmp_path)
    assert line.startswith("clusters/names/1: expected a name of at most 16 small letters")


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    line = told('keeper.tick_ms = 1\nsource.strict = "no"\n', tmp_path)
    assert "keeper/tick_ms" in line
    assert "source/strict" in line
    assert "\n" not in line


def test_a_long_value_is_cut(tmp_path):
    assert len(told(f'source.strict = "{"x" * 5000}"', tmp_path)) < 150


def test_what_is_not_toml_is_told_with_its_line(tmp_path):
    line = told("[edge]\nhttps_port 1\n", tmp_path)
    assert line.startswith("expected TOML")
    assert "line 2" in line


def test_what_is_not_utf_8_is_told(tmp_path):
    file = tmp_path / "portico.toml"
    file.write_bytes(b"a = '\xff'")
    with pytest.raises(ConfigError, match="expected UTF-8: invalid start byte at byte 5"):
        load.load(file, None, cwd=tmp_path)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load.load(tmp_path / "none.toml", None, cwd=tmp_path)
    assert str(caught.value).startswith(f"{tmp_path}/none.toml: can't be read: No such file or directory")
    assert caught.value.code is Exit.CONFIG
