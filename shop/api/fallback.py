"""404 of unknown API paths, as a problem."""

from typing import Never

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class NoSuchRoute(APIView):
    """View that answers each method with a 404 problem, also with DEBUG on."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> Never:
        """Raise the 404 before the method is checked."""
        raise NotFound(_("There is nothing at this address."))
