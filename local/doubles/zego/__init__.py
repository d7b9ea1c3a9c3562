"""ZEGO, from its pages alone."""
