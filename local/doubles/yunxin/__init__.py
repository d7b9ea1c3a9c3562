"""NetEase Yunxin NERTC: room queries, the recorder's token, room callbacks."""
