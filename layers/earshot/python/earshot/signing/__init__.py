"""Signatures that a platform and a vendor of one cloud have in common: neither may import the other."""
