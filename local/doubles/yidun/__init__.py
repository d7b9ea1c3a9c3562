"""NetEase Yidun: live audio and the live audio-video solution."""
