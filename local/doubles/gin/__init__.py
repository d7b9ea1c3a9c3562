"""Rooms of Giant's GIN, and an operator's own service that gives tokens for them."""
