"""RTC platforms: one folder each; credentials, room webhooks, enforcement."""
