"""Tupu (图普科技): moderation of speech streams (语音流审核), http://cloud.doc.tuputech.com/zh/API/speech/stream/readme.html."""
