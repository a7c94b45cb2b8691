"""A browser drops a declaration that it does not understand, and says nothing: no misspelt property, no odd value."""

import tinycss2

from testing import stylesheets

# Of Safari alone.
FOREIGN = {"-webkit-font-smoothing", "-webkit-touch-callout"}


def test_the_browser_understands_each_declaration(browser):
    sheets = sorted(stylesheets.FOLDER.glob("*.css"))
    written = [
        (each.name, tinycss2.serialize(each.value).strip())
        for sheet in sheets
        for each in stylesheets.declarations(sheet.read_text())
    ]
    assert len(written) > 500
    page = browser.new_page()
    dropped = page.evaluate("all => all.filter(([name, value]) => !CSS.supports(name, value))", written)
    page.close()
    assert [each for each in dropped if each[0] not in FOREIGN] == []
