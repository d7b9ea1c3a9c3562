"""Volcengine RTC: GetRoomOnlineUsers, room callbacks, 001 tokens."""
