"""What browsers record of a voice comes in the boxes of a video, and is told from one by its tracks."""

import pytest

from files.media_types import INLINE, find_type

WEBM = b"\x1a\x45\xdf\xa3\x42\x86\x81\x01\x42\x82\x84webm\x42\x87\x81\x04\x18\x53\x80\x67"
MP4 = b"\0\0\0\x1cftypisom\0\0\2\0isomiso2mp41"


@pytest.mark.parametrize(
    ("data", "type"),
    [
        (WEBM + b"\x86\x86A_OPUS", "audio/webm"),
        (WEBM + b"\x86\x85V_VP9\x86\x86A_OPUS", "video/webm"),
        (WEBM, "video/webm"),
        (MP4 + b"hdlr\0\0\0\0\0\0\0\0soun", "audio/mp4"),
        (MP4 + b"hdlr\0\0\0\0\0\0\0\0vide hdlr\0\0\0\0\0\0\0\0soun", "video/mp4"),
    ],
)
def test_sound_alone_is_sound(data, type):
    assert find_type(data + b"\0" * 100) == type in INLINE
