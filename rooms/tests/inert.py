"""What HTML of ours consists of: nothing that a page could carry out."""

import re
from html.parser import HTMLParser

ALLOWED_TAGS = {
    *("p", "br", "hr", "strong", "em", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "span", "input"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
    *("math", "mi", "mn", "mo", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "mstyle", "msub", "msup"),
    *("msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "rel"},
    "p": {"class"},
    "ol": {"class", "dir", "start"},
    "ul": {"dir"},
    "li": {"class", "value"},
    "blockquote": {"dir"},
    "table": {"class", "dir"},
    "th": {"class"},
    "td": {"class"},
    "pre": {"class", "data-language"},
    "span": {"class", "data-user"},
    "input": {"class", "type", "checked", "disabled"},
    "math": {"display", "alttext"},
    "mi": {"mathvariant"},
    "mo": {"stretchy", "fence", "largeop", "movablelimits", "separator", "symmetric", "accent", "form"}
    | {"minsize", "maxsize", "lspace", "rspace"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "munder": {"accentunder"},
    "mover": {"accent"},
    "mtable": {"displaystyle", "columnspacing", "rowspacing"},
    "mtd": {"class"},
}
ALLOWED_CLASSES = re.compile(
    r"mention|code|emoji(-name)?|formula|task-list-item(-checkbox)?|align-(left|center|right)|long|sized|digits-\d{1,2}|[a-z][a-z0-9]{0,2}"
)


def check_inert(markup_html: str) -> None:
    """Nothing that could run, load or be submitted: every tag and attribute is one of the few that are listed."""

    class Check(HTMLParser):
        def handle_starttag(self, tag, attributes):
            assert tag in ALLOWED_TAGS, tag
            for name, value in attributes:
                assert name in ALLOWED_ATTRIBUTES.get(tag, ()), (tag, name)
                if name == "href":
                    assert re.match(r"(https?|mailto):|#|/(?![/\\])", value), value
                if name == "class":
                    assert all(ALLOWED_CLASSES.fullmatch(each) for each in value.split()), value
                if name == "dir":
                    assert value == "auto"
                if name in ("start", "value"):
                    assert value.isdecimal() and len(value) < 10
            if tag == "a" and "href" in dict(attributes):
                assert dict(attributes)["rel"] == "noopener nofollow ugc"
            if tag == "input":
                assert dict(attributes)["type"] == "checkbox"
                assert "disabled" in dict(attributes)

        def handle_comment(self, data):
            raise AssertionError(f"a comment: {data}")

        handle_decl = handle_pi = unknown_decl = handle_comment

    parser = Check(convert_charrefs=True)
    parser.feed(markup_html)
    parser.close()
