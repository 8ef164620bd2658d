"""What a page or the admin asks of the database goes by an index, wherever a table grows with the years."""

import contextlib
import json
import re

import pytest
from django.db import connection
from wagtail.models import Page

# Wagtail leaves the files of thumbnails that it draws to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

GROWING = {
    "auth_user",
    "django_session",
    "studio_change",
    "studio_delivery",
    "studio_newspage",
    "studio_openingpage",
    "studio_outsidelink",
    "studio_picture",
    "studio_wish",
    "taggit_taggeditem",
    "usersessions_usersession",
    "wagtailcore_comment",
    "wagtailcore_modellogentry",
    "wagtailcore_page",
    "wagtailcore_pagelogentry",
    "wagtailcore_referenceindex",
    "wagtailcore_revision",
    "wagtailcore_taskstate",
    "wagtailcore_workflowstate",
    "wagtaildocs_document",
    "wagtailredirects_redirect",
}
ALLOWED = {
    # a part of the query: why it may read a whole table
    r"^SELECT COUNT\(": "a list in the admin says how many there are, and both databases count by reading",
    r"\"path\" LIKE %s ESCAPE": "treebeard's way to ask for what lies below; SQLite has no index for it "
    "(PostgreSQL has, and is held to it), and reads 10,000 pages in some milliseconds",
    r"SELECT DISTINCT U0.\"owner_id\"": "the filter of Wagtail's explorer: who owns any page",
    r"locked_by_id\" *\) WHERE": "the filter of Wagtail's report on locks: who holds any",
    r"_(page|model)logentry\"": "Wagtail's reports read the log; the newest first, by the page",
    r"\"wagtailcore_workflowstate\"": "Wagtail's report on workflows reads them all, by the page",
    r"\"live\" AND \"wagtailcore_page\".\"depth\" > ": "the sitemap and the search lists every page",
    r"\"django_content_type\".\"model\" = ": "all pages of one type in the tree's order",
}
ADMIN = (
    *("/studio/", "/studio/pages/", "/studio/images/", "/studio/documents/", "/studio/redirects/"),
    *(
        "/studio/users/",
        "/studio/reports/site-history/",
        "/studio/reports/locked/",
        "/studio/workflows/list/",
    ),
    *("/studio/reports/workflow/", "/studio/pages/search/?q=water", "/studio/images/?q=river"),
    "/account/sessions/",
)


@contextlib.contextmanager
def asked():
    """The different SELECTs of a block, with parameters."""
    found = {}

    def note(execute, sql, params, many, context):
        if sql.startswith("SELECT"):
            found.setdefault(re.sub(r"IN \([^)]*\)", "IN ()", sql), (sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def whole_tables(sql, params) -> set[str]:
    """The tables that are read from end to end to answer a query."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            real = {alias: table for table, alias in re.findall(r'"(\w+)" (\w+)\b', sql)}
            names = scans([row[3] for row in cursor.fetchall()], limited=" LIMIT " in sql)
            return {real.get(name, name) for name in names}
        # a small table is never looked up by an index, unless there is no other way
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        told = cursor.fetchone()[0]
        plan = told if isinstance(told, list) else json.loads(told)
        return set(scanned(plan[0]["Plan"]))


def scans(steps, *, limited):
    """In the order of an index a table is read only as far as a limit goes, unless it is sorted anew."""
    early = limited and not any("TEMP B-TREE FOR ORDER" in step for step in steps)
    for step in steps:
        found = re.match(r"SCAN (\w+)(.*)", step)
        if found and not (early and " USING " in found[2]):
            yield found[1]


def scanned(node):
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from scanned(child)


def opens(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, address


def complaints(queries) -> dict[str, str]:
    """By query, shortened to what decides: the table that is read whole."""
    found, below = {}, r"\"path\" LIKE"
    allowed = [part for part in ALLOWED if connection.vendor == "sqlite" or not part.startswith(below)]
    for sql, params in queries.values():
        for table in whole_tables(sql, params) & GROWING:
            if not any(re.search(part, sql) for part in allowed):
                found[re.sub(r"^SELECT .*? FROM", "... FROM", sql)] = table
    return found


def test_what_the_admin_asks_for_goes_by_indexes(studio, admin):
    news = Page.objects.filter(live=True, depth__gt=2).first()
    ours = [f"/studio/pages/{news.pk}/{part}" for part in ("", "edit/", "history/", "usage/")]
    with asked() as queries:
        for address in (*ADMIN, *ours):
            opens(admin, address)
    assert len(queries) > 30
    assert complaints(queries) == {}


def test_what_a_page_asks_for_goes_by_indexes(studio, client):
    seen = set()
    with asked() as queries:
        for page in Page.objects.live().filter(depth__gt=1).specific():
            if page.specific_class not in seen and (address := page.url):
                seen.add(page.specific_class)
                opens(client, address)
    assert len(seen) > 5
    assert complaints(queries) == {}


def test_a_query_without_an_index_is_noticed(studio):
    with asked() as queries:
        list(Page.objects.filter(seo_title="x").order_by())
    assert set(complaints(queries).values()) == {"wagtailcore_page"}
