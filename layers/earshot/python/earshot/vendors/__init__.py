"""Moderation vendors: one folder each; nothing outside a vendor's folder knows its words."""
