"""One folder holds all of a stack's state; what is secret in it is its owner's alone."""

from portico.config.home import Home


def test_secrets_are_for_their_owner_alone(tmp_path):
    home = Home(tmp_path / "home").create()
    for secret in (home.keys, home.ca):
        assert secret.stat().st_mode & 0o777 == 0o700


def test_making_it_again_changes_nothing(tmp_path):
    home = Home(tmp_path / "home").create()
    home.signing_key.write_text("kept")
    home.create()
    assert home.signing_key.read_text() == "kept"


def test_everything_lies_inside(tmp_path):
    home = Home(tmp_path / "home")
    properties = [name for name, value in vars(Home).items() if isinstance(value, property)]
    places = [getattr(home, name) for name in properties]
    places += [home.store("a"), home.store("mirror"), home.replica_socket("a1"), home.log("edge")]
    assert all(place.is_relative_to(home.root) for place in places)


def test_the_mirror_shares_no_folder_with_the_clusters(tmp_path):
    home = Home(tmp_path)
    assert not home.store("mirror").is_relative_to(home.clusters)
