"""``make run``: three rooms moderated from opening to closing, shown as it happens, and checked."""
