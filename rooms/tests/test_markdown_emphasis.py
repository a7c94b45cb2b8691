"""Emphasis beside Chinese, Japanese and Korean. Cases of our own, and the spirit of the specification's."""

import pytest

from rooms.text.markdown.emphasis import is_cjk
from rooms.text.markup import render


def html(text: str) -> str:
    return render(text).html().removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        # Chinese
        ("**重点：**请先备份", "<strong>重点：</strong>请先备份"),
        ("含**「重点」**内容", "含<strong>「重点」</strong>内容"),
        ("*斜体（括号）。*后面", "<em>斜体（括号）。</em>后面"),
        ("请看**`code`**吧", "请看<strong><code>code</code></strong>吧"),
        ("请看**$5**吧", "请看<strong>$5</strong>吧"),
        # Japanese
        ("これは**「重要」**です。", "これは<strong>「重要」</strong>です。"),
        ("**必ず、**読む", "<strong>必ず、</strong>読む"),
        ("**ｶﾞｲﾄﾞ｡**読む", "<strong>ｶﾞｲﾄﾞ｡</strong>読む"),  # half width
        ("***全部。***です", "<em><strong>全部。</strong></em>です"),
        # Korean
        ("**한국어(괄호)**는", "<strong>한국어(괄호)</strong>는"),
        ("**\u1112\u1161\u11ab(x)**\u1102\u1173", "<strong>\u1112\u1161\u11ab(x)</strong>\u1102\u1173"),  # in parts
        # struck through
        ("~~삭제(됨)~~는", "<s>삭제(됨)</s>는"),
        ("~~取り消し。~~です", "<s>取り消し。</s>です"),
        # variation selectors
        ("葛\U000e0100**「葛」**", "葛\U000e0100<strong>「葛」</strong>"),
        ("禰\U000e0100**(x)**", "禰\U000e0100<strong>(x)</strong>"),
        ("**“\ufe01重点”\ufe01**的", "<strong>“\ufe01重点”\ufe01</strong>的"),
        ("a**〰\ufe0eb**", "a<strong>〰\ufe0eb</strong>"),
        # Latin beside it
        ("**Redis。**restart", "<strong>Redis。</strong>restart"),
        ("用**(Redis)**吧", "用<strong>(Redis)</strong>吧"),
    ],
)
def test_beside_cjk(text, shown):
    assert html(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**a**b", "<strong>a</strong>b"),
        ("a**(b)**c", "a**(b)**c"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("这是_强调_的", "这是_强调_的"),  # within a word, `_` is a letter
        ("（_强调_）", "（<em>强调</em>）"),
        ("* *", "<ul"),
        ("a**😀**b", "a**😀**b"),  # a picture is no ideograph
        ("** 重点**", "** 重点**"),
    ],
)
def test_elsewhere_all_is_as_it_was(text, shown):
    assert shown in html(text)


@pytest.mark.parametrize("char", list("中あアｱ가ㄱ「。（～￥〈　") + ["\u1161", "\U00020000", "〰", "㊗"])
def test_what_belongs_to_cjk(char):
    assert is_cjk(char)


@pytest.mark.parametrize("char", list("aé“—·ж😀⌚✅") + ["\U0001f1e6"])
def test_what_does_not(char):
    assert not is_cjk(char)
