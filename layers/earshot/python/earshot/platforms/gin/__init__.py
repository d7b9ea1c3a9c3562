"""Giant's GIN (巨人): no public document; tokens come from a service of yours, by our protocol."""
