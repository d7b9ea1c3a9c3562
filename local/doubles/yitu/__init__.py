"""Yitu's live audio moderation, of which submissions and the signature are known; the rest is invented."""
