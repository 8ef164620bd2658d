"""What the text of a query tells about the rows that can change its answer."""

from __future__ import annotations

import pytest

from portico.studio.freezing.queries import plans, reading, recording
from portico.studio.freezing.visible import Reference

KNOWN = reading.Known(
    keys={"page": "id", "news": "page_ptr_id", "tag": "id", "tagged": "id"},
    references={Reference("news", "page_ptr_id", "page"), Reference("tagged", "tag_id", "tag")},
    logged={
        "page": {"id", "path", "depth", "live", "slug"},
        "news": {"page_ptr_id", "date"},
        "tag": {"id", "name"},
        "tagged": {"id", "tag_id", "news_id"},
    },
    private={"draft_title"},
)


def read(sql, vendor="sqlite"):
    return reading.read(sql, vendor, KNOWN)


@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_a_key_that_is_asked_for_guards_every_table_that_it_is_joined_to(vendor):
    plan = read(
        'SELECT "page"."id", "news"."date" FROM "news"'
        ' INNER JOIN "page" ON ("news"."page_ptr_id" = "page"."id") WHERE "news"."page_ptr_id" = %s LIMIT 21',
        vendor,
    )
    assert plan.tables["page"].guards[0] == plans.Guard("id", plans.EQUAL, (0,))
    assert plan.tables["news"].guards[0] == plans.Guard("page_ptr_id", plans.EQUAL, (0,))


def test_a_branch_of_the_tree_is_guarded_by_what_its_paths_begin_with():
    like = read("""SELECT "page"."id" FROM "page" WHERE "page"."path" LIKE %s ESCAPE '\\'""").tables["page"]
    between = read('SELECT "page"."id" FROM "page" WHERE "page"."path" BETWEEN %s AND %s').tables["page"]
    assert like.guards[0].values(["00010002%"]) == {"00010002"}
    assert between.guards[0].values(["000100020000", "00010002ZZZZ"]) == {"00010002"}
    assert like.fits([{"path": "000100020007"}], ["00010002%"])
    assert not like.fits([{"path": "00010003"}], ["00010002%"])


def test_a_pattern_that_may_mean_other_letters_guards_nothing():
    table = read('SELECT "page"."id" FROM "page" WHERE "page"."path" LIKE %s').tables["page"]
    assert table.guards[0].values(["0001_2%"]) is None


def test_a_column_that_is_only_shown_does_not_decide():
    table = read(
        'SELECT "page"."id", "page"."title" FROM "page" WHERE "page"."live" ORDER BY "page"."path"'
    ).tables["page"]
    assert table.deciding == {"live"}
    assert table.shown == {"id", "title", "path", "live"}
    assert table.row == 0


def test_with_a_limit_the_order_decides():
    table = read('SELECT "page"."id" FROM "page" ORDER BY "page"."path" LIMIT 3').tables["page"]
    assert table.deciding == {"path"}


def test_what_is_counted_is_decided_by_every_column_and_tells_no_row():
    table = read('SELECT COUNT(*) AS "__count" FROM "page" WHERE "page"."live"').tables["page"]
    assert table.row is None
    assert not table.every
    assert table.deciding == {"live"}


def test_a_table_that_a_foreign_key_leads_to_matters_by_its_rows_alone():
    plan = read(
        'SELECT "tag"."id", "tag"."name" FROM "tag" INNER JOIN "tagged" ON ("tag"."id" = "tagged"."tag_id")'
        ' WHERE "tagged"."news_id" = %s ORDER BY "tag"."name"'
    )
    assert not plan.tables["tag"].lookup  # it stands first: nothing tells that the other one is joined to it
    joined = read(
        'SELECT "tagged"."id", "tag"."id", "tag"."name" FROM "tagged" INNER JOIN "tag"'
        ' ON ("tagged"."tag_id" = "tag"."id") WHERE "tagged"."news_id" = %s'
    )
    assert joined.tables["tag"].lookup
    assert joined.tables["tag"].row == 1
    assert joined.tables["tagged"].guards[0] == plans.Guard("news_id", plans.EQUAL, (0,))


def test_a_lookup_that_is_filtered_is_none():
    plan = read(
        'SELECT "tagged"."id", "tag"."id" FROM "tagged" INNER JOIN "tag" ON ("tagged"."tag_id" = "tag"."id")'
        ' WHERE "tag"."name" = %s'
    )
    assert not plan.tables["tag"].lookup


def test_a_condition_of_an_outer_join_guards_the_joined_table_alone():
    plan = read(
        'SELECT "page"."id" FROM "page" LEFT OUTER JOIN "news" ON ("page"."id" = "news"."page_ptr_id"'
        ' AND "news"."date" = %s AND "page"."slug" = %s)'
    )
    assert [guard.column for guard in plan.tables["news"].guards] == ["date"]
    assert plan.tables["page"].guards == ()


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "page"."id" FROM "page" WHERE "page"."id" = %s OR "page"."live"',
        'SELECT "page"."id" FROM "page" WHERE NOT ("page"."id" = %s)',
    ],
)
def test_alternatives_and_negations_guard_nothing(sql):
    assert read(sql).tables["page"].guards == ()


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT "page"."id" FROM "page" WHERE "page"."id" = %s UNION SELECT "page"."id" FROM "page"',
        'SELECT * FROM "page"',
        'SELECT "page"."id" FROM "page" INNER JOIN "page" T2 ON ("page"."id" = T2."id") WHERE T2."id" = %s',
        'SELECT id FROM "page" WHERE id = %s',
    ],
)
def test_what_is_not_understood_depends_on_every_row(sql):
    assert read(sql).tables["page"].every


def test_a_table_of_a_subquery_depends_on_every_row_while_the_outer_one_keeps_its_guards():
    plan = read(
        'SELECT "page"."id" FROM "page" WHERE ("page"."slug" = %s AND EXISTS(SELECT 1 AS "a" FROM "news" U0'
        ' WHERE U0."page_ptr_id" = ("page"."id") LIMIT 1))'
    )
    assert plan.tables["news"].every
    assert plan.tables["page"].guards[0].column == "slug"
    assert "id" in plan.tables["page"].deciding


def test_text_that_no_parser_knows_depends_on_everything():
    assert read("SELECT FROM WHERE ((").of("page").every


def test_private_columns_are_left_out_of_the_answer_and_told_where_they_decide():
    plan = read('SELECT "page"."id", "page"."draft_title" FROM "page" ORDER BY "page"."draft_title"')
    assert plan.private == (1,)
    assert plan.hidden == ("draft_title",)
    assert read('SELECT "page"."id", "page"."draft_title" FROM "page"').hidden == ()


def test_a_plan_survives_being_written_down():
    plan = read('SELECT "page"."id" FROM "page" WHERE "page"."id" IN (%s, 4) AND "page"."slug" = \'x\'')
    again = plans.decode(plans.encode(plan))
    assert again.tables["page"].guards[0].values([3]) == {"3", "4"}
    assert again.tables["page"].deciding == plan.tables["page"].deciding


def test_pages_of_a_list_share_one_text():
    first = recording.normal('SELECT "page"."id" FROM "page" LIMIT 6', ())
    later = [recording.normal(first[0].replace("%s", f"6 OFFSET {start}"), ()) for start in (6, 12)]
    assert first == ('SELECT "page"."id" FROM "page" LIMIT %s', "[6]")
    assert later[0][0] == later[1][0]
    assert later[1][1] == "[6,12]"
    assert read(later[1][0]).tables["page"].row == 0


def test_a_row_is_told_by_a_key_that_always_equals_its_own():
    sql = (
        'SELECT "news"."page_ptr_id", "page"."title" FROM "news"'
        ' {} JOIN "page" ON ("news"."page_ptr_id" = "page"."id") WHERE "page"."live" LIMIT 3'
    )
    assert read(sql.format("INNER")).tables["page"].row == 0
    assert read(sql.format("LEFT OUTER")).tables["page"].row is None
