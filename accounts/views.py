"""API of the customer's own profile."""

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from accounts import services
from accounts.requests import CustomerRequest
from accounts.serializers import ChangeProfileSerializer, ProfileSerializer
from shop.api.parameters import KnownParameters
from shop.api.schema import problem_answer
from shop.api.serializers import read, write

PROFILE_EXAMPLE = {
    "id": 12,
    "telegram_id": 279058397,
    "first_name": "Анна",
    "last_name": "",
    "username": "anna",
    "language_code": "ru",
    "photo_url": "",
    "is_premium": False,
    "phone": "+7 912 345-67-89",
}
UNAUTHENTICATED = problem_answer(
    "The init data is missing or was refused.",
    "init_data_missing",
    "init_data_malformed",
    "init_data_bad_hash",
    "init_data_expired",
    "init_data_from_future",
    "init_data_no_user",
)
DISABLED = problem_answer("Staff have deactivated the account.", "account_disabled")


class ProfileView(KnownParameters):
    """The customer's profile: data from Telegram, and the phone and language, which the customer can change."""

    @extend_schema(
        summary="Get my profile",
        examples=[OpenApiExample("A profile", PROFILE_EXAMPLE, response_only=True)],
        responses={200: ProfileSerializer, 401: UNAUTHENTICATED, 403: DISABLED},
    )
    def get(self, request: CustomerRequest) -> Response:
        return Response(write(ProfileSerializer, request.user))

    @extend_schema(
        summary="Change my phone or language",
        request=ChangeProfileSerializer,
        examples=[
            OpenApiExample("A phone", {"phone": "+7 912 345-67-89"}, request_only=True),
            OpenApiExample("A profile", PROFILE_EXAMPLE, response_only=True),
        ],
        responses={
            200: ProfileSerializer,
            400: problem_answer("A value is wrong.", "invalid", "malformed_json"),
            401: UNAUTHENTICATED,
            403: DISABLED,
        },
    )
    def patch(self, request: CustomerRequest) -> Response:
        user = services.change_profile(user=request.user, **read(ChangeProfileSerializer, request.data))
        return Response(write(ProfileSerializer, user))
