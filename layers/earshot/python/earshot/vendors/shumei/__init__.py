"""Shumei (数美) audio stream v2: https://help.ishumei.com, seed revision of 2023-09-06."""
