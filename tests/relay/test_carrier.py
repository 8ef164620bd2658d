from __future__ import annotations

from portico.relay import pace, waiting
from portico.relay.carrier import PROBE
from support.backsocket import Back, standing


def test_posts_are_delivered_in_the_order_of_their_coming_and_leave_the_journals(house, back):
    sent = [house.posted() for _ in range(5)]
    assert house.carry() == {one.key for one in sent}
    assert [body["key"] for _, body in back.asked] == [one.key for one in sent]
    assert back.asked[0][1]["fields"] == dict(sent[0].fields)
    assert house.left() == []


def test_a_post_and_its_copy_are_delivered_once(house, back):
    sent = house.posted()
    assert len(waiting.of(house.clusters)[0].places) == 2
    house.carry()
    assert [body["key"] for _, body in back.asked] == [sent.key]
    assert all(not kept.names() for one in house.clusters for kept in (one.posts, one.copies))


def test_a_double_click_that_reached_both_clusters_is_one_post(house, back):
    first = house.posted(key="c" * 32)
    house.posted(key="c" * 32)
    house.carry()
    assert [body["received_at"] for _, body in back.asked] == [first.received_at]
    assert house.left() == []


def test_nothing_leaves_the_journals_while_the_studio_is_down(house):
    sent = house.posted()
    assert house.carry() == set()
    assert house.left() == [sent.key]
    assert "no answer" in house.carrier.pace.down


def test_what_waited_for_a_day_is_delivered_when_the_studio_is_back(house):
    sent = [house.posted() for _ in range(3)]
    for _ in range(40):
        house.carry()
        house.now += 3600
    with standing(house.home.studio_socket, Back()) as back:
        house.carry()
    assert list(back.entries) == [one.key for one in sent]
    assert house.carrier.pace.down == ""


def test_a_database_that_is_down_is_waited_for(house, back):
    house.posted()
    back.says = lambda _: (503, {"what": "the database can't be asked"})
    assert house.carry() == set()
    assert house.carry() == set()
    assert len(back.asked) == 1  # the second time is too soon
    house.now += pace.LONGEST_S
    back.says = None
    assert len(house.carry()) == 1


def test_a_post_that_was_taken_but_not_acknowledged_is_one_entry(house, back):
    sent = house.posted()
    back.entries[sent.key] = {}
    house.carry()
    assert list(back.entries) == [sent.key]
    assert house.carrier.counts.again == 1
    assert house.left() == []


def test_a_post_that_the_studio_never_takes_is_put_aside_and_told_and_the_next_ones_go_on(house, back):
    poison, fine = house.posted("gone"), house.posted()
    back.says = lambda body: (422, {"what": "there is no form"}) if body["form"] == "gone" else None
    house.carry()
    assert list(back.entries) == [fine.key]
    assert house.left() == []
    assert [one.key for one in waiting.aside(house.clusters)] == [poison.key]
    assert [(one.key, why) for one, why in house.aside] == [(poison.key, "there is no form")]


def test_a_post_that_is_stumbled_over_holds_back_its_own_form_only(house, back):
    poison, behind, other = house.posted("jobs"), house.posted("jobs"), house.posted("contact")
    back.says = lambda body: (500, {}) if body["key"] == poison.key else None
    house.carry()
    assert list(back.entries) == [other.key]
    assert house.left() == [poison.key, behind.key]


def test_a_post_that_is_always_stumbled_over_is_put_aside_in_the_end(house, back):
    poison, behind = house.posted("jobs"), house.posted("jobs")
    back.says = lambda body: (500, {"what": "a mistake"}) if body["key"] == poison.key else None
    for _ in range(pace.STUMBLED_MOST + 1):
        house.carry()
        house.now += pace.STUMBLED_LONGEST_S
    assert list(back.entries) == [behind.key]
    assert [one.key for one in waiting.aside(house.clusters)] == [poison.key]


def test_a_damaged_file_is_made_good_by_its_copy(house, back):
    sent = house.posted()
    (house.clusters[0].folder / "posts" / sent.name).write_bytes(b"rotten")
    house.carry()
    assert list(back.entries) == [sent.key]


def test_a_post_that_nobody_can_open_is_put_aside(house, back):
    sent = house.posted()
    for folder in (house.clusters[0].folder / "posts", house.clusters[1].folder / "copies"):
        (folder / sent.name).write_bytes(b"rotten")
    house.carry()
    assert back.asked == []
    assert [one.key for one in waiting.aside(house.clusters)] == [sent.key]


def test_the_watchers_own_posts_are_counted_apart(house, back):
    house.posted(PROBE)
    house.carry()
    assert house.carrier.counts.probes == 1
    assert house.carrier.counts.delivered == 0
    assert house.carrier.counts.probe_s == 99
