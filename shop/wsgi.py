"""The WSGI application, for gunicorn."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from shop.http.response_cache import ResponseCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
try:
    application = ResponseCache(get_wsgi_application(), import_string(settings.PUBLIC_REVISION))
except ImproperlyConfigured as error:
    sys.exit(f"botshop cannot start: {error}")
