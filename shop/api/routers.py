"""Routes of the API."""

from rest_framework.routers import SimpleRouter


class OptionalSlashRouter(SimpleRouter):
    """Routes without a last slash; with one they work too, and answer the same without a redirect."""

    def __init__(self) -> None:
        super().__init__()
        self.trailing_slash = "/?"
