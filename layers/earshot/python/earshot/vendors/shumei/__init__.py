"""Shumei (数美), https://help.ishumei.com: audio stream v2 (revision of 2023-09-06), V4 of audio and of video."""
