"""The rules of styles that bin/test checks find what they are for."""

import pytest

from testing import stylesheets


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (".used { color: red; }\n.used-2 { color: red; }", None),
        (".used { color: red; } @media print { .used { color: blue; } }", None),
        (".used { top; color: red; }", (1, "Stop token reached before {} block for a qualified rule.")),
        (".used { color: red; }\n}", (2, "EOF reached before {} block for a qualified rule.")),
        (".used {\n  color: red;\n  top: 0;\n  color: blue;\n}", (4, "color again, as in line 2")),
        (".used { color: red; }\n.used { top: 0; }", (2, ".used again, as in line 1")),
        ("@media print {\n  .used { top: 0; }\n  .used { left: 0; }\n}", (3, ".used again, as in line 2")),
        (".used:not(.other) { top: 0; }", (1, "nothing is called other")),
        ("#other { top: 0; }", (1, "nothing is called other")),
    ],
)
def test_what_is_wrong_with_a_stylesheet_is_found(text, problem):
    found = list(stylesheets.problems_of(text, {"used", "used-"}))
    assert [(line, said.partition("\n")[0]) for line, said in found] == ([problem] if problem else [])


def test_custom_properties_are_set_and_used(tmp_path, monkeypatch):
    (tmp_path / "a.css").write_text(
        ":root { --set: 1px; --unused: 2px; }\np { margin: calc(var(--set) + var(--no, 1px)); }"
    )
    monkeypatch.setattr(stylesheets, "FOLDER", tmp_path)
    assert [problem.partition(": ")[2] for problem in stylesheets.problems()] == [
        "--no is used, and set nowhere",
        "--unused is set, and used nowhere",
    ]
