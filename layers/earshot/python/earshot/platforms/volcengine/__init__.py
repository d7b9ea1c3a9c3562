"""Volcengine RTC (火山引擎): https://www.volcengine.com/docs/6348, token version "001"."""
