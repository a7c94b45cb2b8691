"""Where an address in running text ends, and that what was written about a link is seen."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.text.markup import render, visible_text

LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>')


def links(text: str) -> list[str]:
    """The words of each link, which for an address in running text are the address."""
    return [shown for _href, shown in LINK.findall(render(text).html())]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        # Punctuation outside ASCII ends an address.
        ("“https://example.org/x”", "https://example.org/x"),
        ("„https://example.org/x“ sagt er", "https://example.org/x"),
        ("«https://example.org/x»", "https://example.org/x"),
        ("https://example.org/x… and so on", "https://example.org/x"),
        ("https://example.org/x—and more", "https://example.org/x"),
        ("https://example.org/x’s", "https://example.org/x"),
        ("访问 https://example.com/docs（中文说明）了解更多", "https://example.com/docs"),
        ("https://example.com/foo。次の文。", "https://example.com/foo"),
        ("https://example.com/foo、https", "https://example.com/foo"),
        ("「https://example.com/foo」を見て", "https://example.com/foo"),
        ("https://example.org/a→b", "https://example.org/a"),
        ("https://example.org/a～b", "https://example.org/a"),
        ("https://example.org。", "https://example.org"),
        ("https://example.org:8443/x。y", "https://example.org:8443/x"),
        ("mailto:ann@example.org。", "mailto:ann@example.org"),
        # So do characters that are invisible, or turn the text around.
        ("https://evil.example/\u202ecod.elgoog/tpircs", "https://evil.example/"),
        ("https://evil.example/\u2067cod", "https://evil.example/"),
        ("https://good.example\u2066.evil.example/", "https://good.example"),
        ("https://good.example\u200d.evil.example/", "https://good.example"),
        ("https://good.exa\u200bmple/x", "https://good.exa"),
        ("https://a.example/\U0001f469\u200d\U0001f469/x", "https://a.example/\U0001f469\u200d\U0001f469/x"),
        # Letters go on.
        ("https://ja.wikipedia.org/wiki/日本", "https://ja.wikipedia.org/wiki/日本"),
        ("https://ja.wikipedia.org/wiki/スティーブ・ジョブズ", "https://ja.wikipedia.org/wiki/スティーブ・ジョブズ"),
        ("https://example.org/ä/ж?q=한국#é", "https://example.org/ä/ж?q=한국#é"),
        ("https://例え.jp/パス", "https://例え.jp/パス"),
        ("https://bücher.example/", "https://bücher.example/"),
        ("http://bücher/x", "http://bücher/x"),
        # A name of a host does not go on in another script.
        ("见https://example.org英文", "https://example.org"),
        ("见https://example.org:8443英文", "https://example.org:8443"),
        ("http://localhost的", "http://localhost"),
        ("http://127.0.0.1:8000的", "http://127.0.0.1:8000"),
        ("mailto:ann@example.org英文", "mailto:ann@example.org"),
        # ASCII that seldom ends an address.
        ("https://example.org/x.", "https://example.org/x"),
        ("https://example.org/x: this", "https://example.org/x"),
        ("https://example.org/x?!", "https://example.org/x"),
        ("https://example.org/x's", "https://example.org/x"),
        ("https://example.org/x.”", "https://example.org/x"),
        ("(https://example.org/x)", "https://example.org/x"),
        ("[https://example.org/x]", "https://example.org/x"),
        ("'https://example.org/x'", "https://example.org/x"),
        ('"https://example.org/x"', "https://example.org/x"),
        ("https://example.org/x(“y”)", "https://example.org/x"),
        ("https://en.wikipedia.org/wiki/Set_(mathematics)", "https://en.wikipedia.org/wiki/Set_(mathematics)"),
        ("https://example.org/a.b,c;d!e~f_g*h?i=j", "https://example.org/a.b,c;d!e~f_g*h?i=j"),
    ],
)
def test_where_an_address_ends(text, address):
    assert links(text) == [address]
    assert visible_text(render(text).html()).strip() == text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("_https://example.org/x_", "<em>{}</em>"),
        ("__https://example.org/x__", "<strong>{}</strong>"),
        ("*https://example.org/x*", "<em>{}</em>"),
        ("**https://example.org/x**", "<strong>{}</strong>"),
        ("~~https://example.org/x~~", "<s>{}</s>"),
        ("_(https://example.org/x)_", "<em>({})</em>"),
        ("**https://example.org/x**。做", "<strong>{}</strong>。做"),
        ("**https://example.org/x**を見て", "<strong>{}</strong>を見て"),
        ("~~https://example.org/x~~ and *more*", "<s>{}</s> and <em>more</em>"),
        ("_see https://example.org/x_, please", "<em>see {}</em>, please"),
    ],
)
def test_a_sign_that_closes_emphasis_is_no_part_of_an_address(text, html):
    link = '<a href="https://example.org/x" rel="noopener nofollow ugc">https://example.org/x</a>'
    assert render(text).html() == f"<p>{html.format(link)}</p>\n"


def test_such_a_sign_within_an_address_is():
    assert links("*all* of https://example.org/a_b*c~~d/e") == ["https://example.org/a_b*c~~d/e"]


@pytest.mark.parametrize(
    "text",
    [
        "//example.org/x", "ftp://example.org", "xhttps://example.org", "https://", "https://)", "mailto:", "https:x",
        "\\https://example.org", "www.example.org", "ann@example.org", "`https://example.org`", "http://*",
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_no_link(text):
    html = render(text).html()
    assert "<a" not in html
    assert visible_text(html).strip() == text.strip("`")


@pytest.mark.parametrize("text", ["[a](b.md)", "[a]()", "[]()", "[a](javascript:x)", "<ftp://a.b>", "[a](//b.example)"])
def test_what_could_not_be_followed_stays_as_it_was_written(text):
    html = render(text).html()
    assert "<a" not in html
    assert visible_text(html).strip() == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[a](https://example.org "some words")', "a (some words)"),
        ('![a](https://example.org/i.png "some words")', "a (some words)"),
        ('[a][1]\n\n[1]: https://example.org "some words"', "a (some words)"),
        ("[](https://example.org/x)", "https://example.org/x"),
        ("[&#8203;](https://example.org/x)", "https://example.org/x"),
        ("![](https://example.org/i.png)", "https://example.org/i.png"),
        ("![a **bold** cat](https://example.org/i.png)", "a bold cat"),
        ("[![a cat](https://example.org/i.png)](https://example.org)", "a cat"),
        ("![]()", "![]()"),
        ("[` `](https://example.org)", "https://example.org"),
    ],
)
def test_what_was_written_about_a_link_is_seen(text, words):
    assert visible_text(render(text).html()).strip() == words


def test_a_picture_in_a_link_leads_where_the_link_leads():
    html = render("[![a cat](https://example.org/i.png)](https://example.org/page)").html()
    assert LINK.findall(html) == [("https://example.org/page", "a cat")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ja.wikipedia.org/wiki/%E6%97%A5%E6%9C%AC", "https://ja.wikipedia.org/wiki/日本"),
        ("https://example.org/a%20b%2Fc", "https://example.org/a%20b%2Fc"),
        ("https://example.org/%E2%80%AEfdp.exe", "https://example.org/%E2%80%AEfdp.exe"),  # would turn the rest around
        ("https://example.org/%FF%E6%97", "https://example.org/%FF%E6%97"),
        ("https://xn--80ak6aa92e.com/", "https://xn--80ak6aa92e.com/"),  # Cyrillic that looks like a well-known name
        ("<https://xn--80ak6aa92e.com/>", "https://xn--80ak6aa92e.com/"),
    ],
)
def test_an_address_is_shown_as_it_was_written(text, shown):
    assert links(text) == [shown]


@given(st.text(alphabet=st.sampled_from(list("ab/.:?#%20()[]{}'\"*_~-@!,;’“”—…（）。日本ü😀 ")), max_size=40))
def test_no_address_swallows_what_stands_around_it(text):
    html = render(f"x https://example.org/{text}").html()
    if not re.search(r"[*_~\[\]()%\\`]", text):  # else some of it may be Markdown
        assert visible_text(html).strip() == f"x https://example.org/{text}".strip()
    for href, shown in LINK.findall(html):
        assert not re.search("[’“”—…（）。\\s]", shown)
        assert href.startswith("https://example.org")


@pytest.mark.parametrize("unit", ["http://a/(", "http://a/'", "*a* http://b ", "mailto:", "http://日/(", "http://a~~"])
def test_the_longer_text_costs_no_more_a_character(unit, monkeypatch):
    """The work of finding addresses, as how many characters are looked through, grows with the text."""
    from rooms.text.markdown import links as markdown_links

    seen = []
    whole = markdown_links.extent
    monkeypatch.setattr(markdown_links, "extent", lambda text: seen.append(len(text)) or whole(text))

    def cost(length: int) -> int:
        seen.clear()
        render((unit * length)[:length])
        return sum(seen)

    assert cost(8000) <= 2.5 * cost(4000) + 1000


@pytest.mark.parametrize(
    "text",
    [
        "https://1.2.3.4.5/",
        "https://xn--a/",
        "<https://a.example\u2066.b.example/>",
        "[words](https://a.example\u2066.b.example/)",
        "[words](https://1.2.3.4.5/)",
        "![words](https://1.2.3.4.5/)",
        "[words]: https://1.2.3.4.5/\n\n[words]",
    ],
)
def test_an_address_that_no_browser_can_open_is_no_link_and_stays_as_it_was_written(text):
    html = render(text).html()
    assert not re.search("<a(?! href=)", html)
    assert "\u2066" not in "".join(shown for _href, shown in LINK.findall(html))
    for part in re.findall(r"\w+", text):
        assert part in html
