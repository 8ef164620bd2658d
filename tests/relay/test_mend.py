from __future__ import annotations

import shutil

from portico.relay import mend


def test_a_post_that_is_alone_is_copied_when_the_other_cluster_takes_it(house):
    sent = house.posted(copied=False)
    a, b = house.clusters
    assert a.posts.alone() == [sent.name]
    assert mend.copy_alone(house.clusters) == 1
    assert a.posts.alone() == []
    assert b.copies.read(sent.name) == a.posts.read(sent.name)


def test_a_post_stays_marked_while_the_other_clusters_disk_is_gone(house):
    sent = house.posted(copied=False)
    shutil.rmtree(house.clusters[1].folder)
    assert mend.copy_alone(house.clusters) == 0
    assert house.clusters[0].posts.alone() == [sent.name]
