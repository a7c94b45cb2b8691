"""Signs of Unicode: which nobody sees and which turn text around. Pure patterns, no rules."""

import re

# Default_Ignorable_Code_Point of Unicode 15.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
# The same without those that a name may need: joiners, of letters and of emoji, and whether an emoji has colours.
UNSEEN_AND_USELESS = re.compile(f"(?![\u200c\u200d\ufe0e\ufe0f])[{_UNSEEN}]")
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # would turn the words beside them around
