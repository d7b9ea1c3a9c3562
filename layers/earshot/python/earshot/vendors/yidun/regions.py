"""The hosts of an account's region, in the order in which they are tried (resource file of the vendor's Java SDK)."""

from earshot.secrets import Section

MAINLAND = ("as.dun.163.com", "antispam.dun.163yun.com")
DEFAULT = "cn-hangzhou"
HOSTS: dict[str, dict[str, tuple[str, ...]]] = {
    DEFAULT: {"liveaudio": MAINLAND, "livewall": MAINLAND},
    "sg-singapore": {
        "liveaudio": ("as-liveaudio-sg.dun.163.com", "as-liveaudio-sg.dun.163yun.com"),
        "livewall": ("as-livesolution-sg.dun.163.com",),
    },
    "us-virginia": {
        "liveaudio": ("as-liveaudio-virginia.dun.163.com", "as-liveaudio-virginia.dun.163yun.com"),
        "livewall": ("as-livesolution-virginia.dun.163.com",),
    },
}


def addresses(base_url: str, section: Section, product: str) -> tuple[str, ...]:
    """``base_url`` with each host for its ``{host}``; one without is one address, whatever the region."""
    region = section.optional("region") or DEFAULT
    if region not in HOSTS:
        raise section.wrong("region", f"must be one of {', '.join(HOSTS)}")
    if "{host}" not in base_url:
        return (base_url,)
    return tuple(base_url.replace("{host}", host) for host in HOSTS[region][product])
