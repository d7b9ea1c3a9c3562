"""Tupu's speech stream, from its pages and its SDKs alone."""
