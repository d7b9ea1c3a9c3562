"""Codes and names of Shumei's audio streams and video stream."""

from __future__ import annotations

OK, BUSY, BAD, FAILED, PULL, NO_BALANCE, FORBIDDEN = 1100, 1901, 1902, 1903, 1904, 9100, 9101
DUPLICATE = 1001
TOKEN_DEAD = 3005
UNREACHABLE = (3001, 3002, 3003, 3004)
END_CODES = (*UNREACHABLE, TOKEN_DEAD)

MESSAGES = {
    OK: "成功",
    BUSY: "QPS超限",
    BAD: "参数不合法",
    FAILED: "服务失败",
    PULL: "拉流失败",
    1909: "流不存在",
    NO_BALANCE: "余额不足",
    FORBIDDEN: "无权限操作",
}
TOO_MANY_STREAMS = "流路数超限"

# riskType of the seed, and 340 of 2024-10-28. Unknown numbers get the name of 700.
RISKS = {
    0: "正常",
    100: "涉政",
    110: "暴恐",
    200: "色情",
    210: "辱骂",
    250: "娇喘",
    260: "一号领导声纹",
    270: "人声属性",
    280: "违禁歌曲",
    300: "广告",
    340: "网络诈骗",
    400: "灌水",
    500: "无意义",
    520: "未成年人",
    600: "违禁",
    700: "其他",
    720: "黑账号",
    730: "黑IP",
    800: "高危账号",
    900: "自定义",
}

# The callback sample of the vendor's page, shortened: it is not JSON (a comma before a closing brace) and its
# links are Markdown. Fault ``corrupt`` sends it.
MALFORMED = """{
    "code": 1100,
    "message": "成功",
    "requestId": "a78eef377079acc6cdec24967ecde722_12345_0",
    "riskLevel": "REJECT",
    "detail": {
        "audioUrl": "[http://xxxx.mp3](http://xxxx.mp3/)",
        "preAudioUrl": "[http://prexxxx.mp3](http://prexxxx.mp3/)",
        "audio_endtime": "2018-09-18 17:54:31",
        "audio_starttime": "2018-09-18 17:54:21",
        "description": "色情内容",
        "model": "M1020_20",
        "requestParams":{
            "streamType": "TRTC",
            "trtcParam": {
                "sdkAppId": 1400498247,
                "demoSences": 4,
                "userId": "12345",
                "userSig": "",
                "roomId": 517067780
            },
            "callbackParam": {
                "test1": 1,
                "test2": "qew",
                "test3": true
            },
        },
        "riskType": 200,
        "riskTypeDesc": "色情",
        "room": "16037880"
    }
}"""
