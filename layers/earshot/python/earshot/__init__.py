"""Earshot: open the ear of a moderation vendor on every live room, and close it again."""
