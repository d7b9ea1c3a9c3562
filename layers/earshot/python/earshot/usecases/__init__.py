"""What the functions do: one module each, one call each, everything they need given to them."""
