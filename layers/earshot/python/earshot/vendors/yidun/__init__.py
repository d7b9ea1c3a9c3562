"""NetEase Yidun (网易易盾): live audio v4 and the live audio-video solution v3, https://support.dun.163.com."""
