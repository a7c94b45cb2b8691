"""How dates are written in English: by words, as 11/10/2026 is another day elsewhere."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "g:i A"  # as browsers write it
