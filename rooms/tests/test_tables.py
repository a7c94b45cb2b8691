"""Cells of tables: short ones stay on one line, by a class that the server gives to the others."""

from rooms.text.markup import render


def test_a_cell_of_many_words_may_be_broken_and_others_not():
    words = "a cell with **many** words and [more](https://example.org/a-very-long-address)"
    html = render(f"| a | b |\n|---|--:|\n| 1,203,450 € | {words} |\n| `x` | c |").html()
    assert '<table dir="auto" class="sized">' in html
    assert "<td>1,203,450 €</td>" in html
    assert html.count('<td class="align-right long">a cell') == html.count("long") - 1 == 1


def test_an_address_behind_a_word_does_not_make_a_cell_long():
    html = render("| a |\n|---|\n| [more](https://example.org/a-very-long-address) |").html()
    assert ' class="long"' not in html
