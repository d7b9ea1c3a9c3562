"""What happened in a run with faults, by the books of the vendors and platforms, and what must hold of it."""
