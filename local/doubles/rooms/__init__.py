"""What the doubles of all RTC clouds share: rooms, their webhooks, and the recorder's entrance."""
