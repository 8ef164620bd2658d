"""Link and reading checks: errors keep a page from the public, warnings are told."""

import pytest
from wagtail.blocks import RichTextBlock
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from portico.studio.editing.checks import blocking, document, links, reading
from portico.studio.editing.checks.findings import ERROR, WARNING

FINE = reading.Words("About us", "What we do, for whom, and why we do it every day of the year.")


class Known:
    """A site of two paths."""

    own_path = "/about/"

    def is_ours(self, scheme, host):
        return host in {"", "www.example.org"} and (bool(host) or not scheme)

    def problem(self, path):
        return "" if path in {"/", "/news/"} else f"{path}, which is not on this site"

    def lacks(self, path, fragment):
        return path == "/news/" and fragment != "latest"


def check_links(html):
    found = links.findings(document.take_apart(f"<main>{html}</main>"), Known())
    return [(one.level, one.what) for one in found]


def check_reading(html, words=FINE):
    found = reading.findings(document.take_apart(f"<main>{html}</main>"), words)
    return [(one.level, one.what) for one in found]


@pytest.mark.parametrize(
    "href",
    [
        "/",
        "/news/",
        "https://www.example.org/news/",
        "/news/#latest",
        "#here",
        "#top",
        "/about/#here",
        "mailto:ada@example.org?subject=Hello",
        "tel:+49 30 1234",
        "https://example.com/a?b=c",
        "https://bücher.example/",
        "http://192.0.2.7/",
    ],
)
def test_a_link_that_leads_somewhere_is_fine(href):
    assert check_links(f'<p id="here"><a href="{href}">Go</a></p>') == []


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("<a>Go</a>", "The link “Go” leads nowhere."),
        ('<a href="">Go</a>', "The link “Go” leads nowhere."),
        ('<a href="/gone/">Go</a>', "The link “Go” leads to /gone/, which is not on this site."),
        ('<a href="#there">Go</a>', "The link “Go” leads to a place that this page doesn't have: #there"),
        ('<a href="https://nowhere">Go</a>', "The link “Go” has no valid address: https://nowhere"),
        ('<a href="https:///path">Go</a>', "The link “Go” has no valid address: https:///path"),
        ('<a href="mailto:ada">Go</a>', "The link “Go” has no valid address: mailto:ada"),
        (
            '<a href="javascript:alert(1)">Go</a>',
            "The link “Go” has an address that browsers won't follow: javascript:alert(1)",
        ),
    ],
)
def test_a_link_that_leads_nowhere_is_an_error(link, says):
    assert check_links(link) == [(ERROR, says)]


def test_a_place_that_another_page_lacks_is_a_warning():
    assert check_links('<a href="/news/#old">Go</a>')[0][0] == WARNING


def test_an_anchor_to_jump_to_is_no_link():
    assert check_links('<a id="part"></a><a name="old"></a>') == []


def test_menus_and_footer_are_not_this_pages_fault():
    found = document.take_apart('<nav><a href="/gone/">Go</a></nav><main><p>Hello.</p></main>')
    assert found.links == ()


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/media/a.jpg">',
        '<img src="/media/a.jpg" alt="IMG_1234">',
        '<img src="/media/a.jpg" alt="DSC00017.JPG">',
        '<img src="/media/a.jpg" alt="team-photo.webp">',
        '<a href="/"><img src="/media/a.jpg" alt=""></a>',
    ],
)
def test_a_picture_that_says_nothing_is_an_error(picture):
    assert [level for level, _what in check_reading(picture)] == [ERROR]


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="/media/a.jpg" alt="">',
        '<img src="/media/a.jpg" alt="Two people at a weir">',
        '<a href="/"><img src="/media/a.jpg" alt=""> Home</a>',
        '<a href="/" aria-label="Home"><img src="/media/a.jpg" alt=""></a>',
    ],
)
def test_a_described_or_decorative_picture_is_fine(picture):
    assert check_reading(picture) == []


@pytest.mark.parametrize(
    ("html", "words", "says"),
    [
        ("<h1>A</h1><h3>B</h3>", FINE, "skips a level"),
        ("<h1>A</h1><h1>B</h1>", FINE, "main headings"),
        ("<h1>A</h1><h2></h2>", FINE, "A heading is empty"),
        ("<p>" + "word " * 40 + ".</p>", FINE, "A sentence of"),
        ('<p><a href="/">here</a></p>', FINE, "doesn't say where it leads"),
        ("", reading.Words("T" * 80, FINE.description), "The title has 80 characters"),
        ("", reading.Words("About us", ""), "no summary"),
        ("", reading.Words("About us", "Short."), "The description is short"),
        ("", reading.Words("About us", "d" * 200), "The description has 200 characters"),
    ],
)
def test_what_reads_badly_is_a_warning(html, words, says):
    found = check_reading(html, words)
    assert [level for level, _what in found] == [WARNING]
    assert says in found[0][1]


def test_short_sentences_stay_short_next_to_each_other():
    assert check_reading("<p>" + "One and two and three. " * 20 + "</p>") == []


@pytest.fixture
def linking(add_page):
    """A page with text blocks, as an editor writes them."""

    def linked(html):
        page = add_page("Linking")
        kinds = page.body.stream_block.child_blocks
        block = next(name for name, kind in kinds.items() if isinstance(kind, RichTextBlock))
        page.body = [(block, kinds[block].to_python(f"<p>{html}</p>"))]
        page.save_revision()
        return page

    return linked


def errors(page):
    return [one.what for one in blocking.of(page.get_latest_revision_as_object()) if one.level == ERROR]


def test_a_link_to_a_page_that_is_not_published_names_it(linking, add_page):
    target = add_page("Not yet")
    target.unpublish()
    page = linking(f'See <a linktype="page" id="{target.pk}">this page</a>.')
    assert errors(page) == ["The link “this page” leads to “Not yet”, which is not published."]


def test_a_link_to_a_page_that_was_deleted_leads_nowhere(linking, add_page):
    target = add_page("Gone")
    page = linking(f'See <a linktype="page" id="{target.pk}">this page</a>.')
    target.delete()
    assert errors(page) == ["The link “this page” leads nowhere."]


def test_a_link_to_a_live_page_a_redirect_or_itself_is_fine(linking, add_page):
    target = add_page("There")
    Redirect.objects.create(old_path="/old", redirect_page=target)
    page = linking(
        f'<a linktype="page" id="{target.pk}">one</a> <a href="/old/">two</a> <a href="/linking/">three</a>'
    )
    assert errors(page) == []


def test_a_link_to_what_led_to_an_unpublished_page_leads_nowhere(linking, add_page):
    target = add_page("There")
    Redirect.objects.create(old_path="/old", redirect_page=target)
    target.unpublish()
    page = linking('<a href="/old/">two</a>')
    assert [error for error in errors(page) if "/old/" in error] == errors(page) != []


def test_an_error_keeps_the_page_from_the_public_and_the_draft_is_kept(sign_in, linking, said):
    page = linking('See <a href="/nowhere/">this page</a>.')
    page.title = "Linked"
    page.save_revision()
    client = sign_in("ada")
    client.post(
        f"/studio/bulk/wagtailcore/page/publish/?id={page.pk}&next=/studio/", {"include_descendants": ""}
    )
    page = Page.objects.get(pk=page.pk).specific
    assert page.title == "Linking"
    assert page.get_latest_revision_as_object().title == "Linked"
    assert "The link “this page” leads to /nowhere/, which is not on this site." in said(client)


def test_a_page_that_cannot_be_shown_cannot_be_published(linking, monkeypatch):
    page = linking("Fine.")
    monkeypatch.setattr(type(page), "template", "studio/nowhere.html")
    assert "can't be shown: TemplateDoesNotExist" in errors(page)[0]


def test_the_editors_panel_shows_errors_first(sign_in, linking):
    page = linking('See <a href="/nowhere/">here</a>.')
    html = sign_in("author").get(f"/studio/publishing/checks/{page.pk}/").content.decode()
    assert (
        html.index("1 error keeps this page")
        < html.index("leads to /nowhere/")
        < html.index("say where it leads")
    )


def test_the_panel_is_in_the_editor(sign_in, linking):
    page = linking("Fine.")
    html = sign_in("author").get(f"/studio/pages/{page.pk}/edit/").content.decode()
    assert f'data-portico-checks="/studio/publishing/checks/{page.pk}/"' in html


def test_who_may_not_edit_a_page_does_not_see_its_findings(sign_in, linking, people):
    page = linking("Fine.")
    people["author"].groups.clear()
    assert sign_in("author").get(f"/studio/publishing/checks/{page.pk}/").status_code == 302
