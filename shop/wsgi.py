"""The WSGI application, for gunicorn."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from catalog.response_cache import ResponseCache
from catalog.revision import watch

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
try:
    application = ResponseCache(get_wsgi_application(), watch.current)
except ImproperlyConfigured as error:
    sys.exit(f"botshop cannot start: {error}")
