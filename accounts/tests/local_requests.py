"""Local requests of a developer's machine, and remote requests that resemble them."""

from conftest import Headers

LOCAL: Headers = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8000"}
# Headers that differ from LOCAL, one request each.
FROM_AFAR: list[Headers] = [
    {"HTTP_HOST": "abc.ngrok-free.app"},
    {"HTTP_HOST": "localhost.example.org"},
    {"HTTP_HOST": "127.0.0.1.example.org:8000"},
    {"REMOTE_ADDR": "192.168.1.7"},
    {"REMOTE_ADDR": "127.0.0.1.example.org"},
    {"REMOTE_ADDR": ""},
    # Tunnels and proxies that rewrite the host: ngrok, VS Code, cloudflared, nginx and others.
    {"HTTP_X_FORWARDED_FOR": "203.0.113.7"},
    {"HTTP_X_FORWARDED_FOR": ""},
    {"HTTP_X_FORWARDED_HOST": "abc-8000.euw.devtunnels.ms"},
    {"HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_FORWARDED": "for=203.0.113.7"},
    {"HTTP_X_REAL_IP": "203.0.113.7"},
    {"HTTP_CF_CONNECTING_IP": "203.0.113.7"},
    {"HTTP_VIA": "1.1 proxy"},
]
