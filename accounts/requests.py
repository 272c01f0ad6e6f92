"""Requests of which it is known who sent them."""

from rest_framework.request import Request

from accounts.models import User


class CustomerRequest(Request):
    """A request that InitDataAuthentication has let through; for annotations only."""

    user: User
