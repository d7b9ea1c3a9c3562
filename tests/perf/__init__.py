"""What it costs: time as ratios, the rest as counts. The package comes from the layer, as it does on Lambda."""

import sys
from pathlib import Path

LAYER = str(Path(__file__).resolve().parents[2] / "layers/earshot/python")
if LAYER not in sys.path:
    sys.path.insert(0, LAYER)
