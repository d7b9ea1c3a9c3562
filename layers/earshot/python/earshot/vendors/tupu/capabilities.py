"""What Tupu hears (speech stream pages, official SDKs; docs/vendors/tupu.md says what is unconfirmed)."""

from earshot.vendors.capability import Capability, Fact, Hearing

CAPABILITIES = (
    Capability(
        "speech stream (语音流审核)",
        {"url": Hearing(), "zego": Hearing(confirmed=False, needs="zegoFields")},
        ("audio",),
        Fact("push, signed by Tupu"),
        Fact(
            "close, several tasks in one call; what an unknown one is answered with is not documented",
            confirmed=False,
        ),
        Fact("none known: every submission opens a task", confirmed=False),
        Fact("overlap with another submission", confirmed=False),
        Fact("none over this interface"),
    ),
)
