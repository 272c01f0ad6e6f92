"""What answers below /api where nothing else does."""

from typing import Never

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class NoSuchRoute(APIView):
    """A problem for every method, and never a page, with DEBUG on too."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> Never:
        """Refuse before a method is looked for."""
        raise NotFound(_("There is nothing at this address."))
