"""Tencent TRTC (腾讯云实时音视频): https://trtc.tencentcloud.com, UserSig version 2.0."""
