"""Agora: channel queries, notifications (NCS), 007 tokens."""
