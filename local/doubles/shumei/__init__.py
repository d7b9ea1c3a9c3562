"""Shumei, from its pages alone."""
