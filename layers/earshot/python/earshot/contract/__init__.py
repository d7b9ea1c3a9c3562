"""The public contract: events in, events out, the moderation plan. Strict; everything else may change."""
