"""Volcengine (火山引擎): content security (内容安全), of whose live calls the vendor's SDKs alone speak
(github.com/volcengine/volc-sdk-python), and the audit of its own RTC rooms, www.volcengine.com/docs/6348/1189716."""
