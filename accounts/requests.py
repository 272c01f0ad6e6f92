"""Type of authenticated API requests."""

from rest_framework.request import Request

from accounts.models import User


class CustomerRequest(Request):
    """Request authenticated by InitDataAuthentication; for annotations only."""

    user: User
