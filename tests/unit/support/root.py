"""Where things are."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
EVENTS = ROOT / "events"
LAYER = ROOT / "layers" / "earshot" / "python"
PACKAGE = LAYER / "earshot"
FUNCTIONS = ROOT / "functions"
