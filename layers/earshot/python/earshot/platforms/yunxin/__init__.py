"""NetEase Yunxin NERTC (网易云信): https://doc.yunxin.163.com."""
