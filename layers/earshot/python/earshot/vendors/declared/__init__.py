"""Vendors that a description stands for instead of code: one engine for all of them.

``descriptions/<name>.json`` is made from ``vendors/<name>.yaml`` by ``python -m operations.describe``. Every module
that the registry asks for has ``of(name)``: it reads and compiles that one description, once a process. Descriptions
are trusted as configuration is; answers, callbacks and names that users chose are not.
"""
