"""A plain stream address: nothing to mint, the address is the way in."""
