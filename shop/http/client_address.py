"""Client address, the key of rate limits and of sign-in failures."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.settings import api_settings

# IPv6: a provider gives a customer 64 bits or more (RFC 6177), so limits on single addresses could be evaded.
IPV6_PREFIX = 64
UNKNOWN = "0.0.0.0"  # noqa: S104 - not bound to: all clients without a valid address count as one


def client_address(request: HttpRequest | Request) -> str:
    """Return the address of a client in canonical form; an IPv6 address stands for its /64.

    Behind NUM_PROXIES proxies it is the entry of X-Forwarded-For with that number, from the right. An invalid entry
    was not written by a proxy, so the connection's address is used then.
    """
    connection = request.META.get("REMOTE_ADDR", "")
    proxies = api_settings.NUM_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
    if not proxies or not forwarded:
        return _canonical(connection) or UNKNOWN
    entries = forwarded.split(",")
    return _canonical(entries[-min(proxies, len(entries))]) or _canonical(connection) or UNKNOWN


def _canonical(raw: str) -> str | None:
    """Return the canonical form of an address, None if it is invalid."""
    try:
        address: IPv4Address | IPv6Address = ip_address(raw.strip())
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped:  # ::ffff:192.0.2.1, as a socket for both families reports IPv4
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), IPV6_PREFIX), strict=False).network_address)
