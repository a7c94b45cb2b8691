"""The sentences of notes, in the page's catalogue of words."""

from django.utils import translation

from rooms.kernel.notes import NOTES
from rooms.web.js_strings import client_texts


def test_the_page_has_each_sentence_and_both_forms_of_those_with_a_number():
    texts = client_texts()
    assert texts["note_stopped_by"] == "Stopped by {name}."
    assert texts["note_searched"] == ["searched “{words}”: {count} message", "searched “{words}”: {count} messages"]
    assert all(f"note_{reason}" in texts for reason in NOTES)


def test_both_forms_are_in_the_language_of_the_page():
    with translation.override("de"):
        assert client_texts()["note_searched"] == [
            "gesucht: „{words}“, {count} Nachricht",
            "gesucht: „{words}“, {count} Nachrichten",
        ]
