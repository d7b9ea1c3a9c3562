"""Agora (声网): https://docs.agora.io, AccessToken2 "007"."""
