"""Volcengine content security (内容安全): live audio and live video."""
