"""The address of the token service. All of it is the operator's: no part of it comes from an event or an answer."""

from urllib.parse import urlsplit

from earshot.secrets import Section


def token_url(section: Section) -> str:
    """The newest ``token_url``: absolute, http or https, without user, password or fragment. Raises Misconfigured."""
    url = section.newest("token_url")
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        plain = parts.username is None and parts.password is None and not parts.fragment
    except ValueError:
        sound = plain = False
    if not (sound and plain) or any(c.isspace() or not c.isprintable() for c in url):
        raise section.wrong("token_url", "must be an http(s) address without user, password and fragment")
    return url
