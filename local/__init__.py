"""What runs on a laptop instead of the cloud and the vendors."""
