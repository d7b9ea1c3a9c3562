"""ZEGO (即构): https://doc-zh.zego.im, server API 2.0."""
