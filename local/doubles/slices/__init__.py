"""What doubles share whose vendors judge sound in slices and push what they find."""
