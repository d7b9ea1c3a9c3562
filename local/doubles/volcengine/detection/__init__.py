"""RTC audit (``StartDetection``): only rooms of this cloud itself are heard."""
