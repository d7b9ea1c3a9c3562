"""Lyrebird, an invented moderation vendor: docs/lyrebird-api.md is its documentation."""
