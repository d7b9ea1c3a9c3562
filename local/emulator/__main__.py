"""Mend, then serve."""

from __future__ import annotations

from ministack import app

from local.emulator import mends

if __name__ == "__main__":
    mends.apply_all()
    app.main()
