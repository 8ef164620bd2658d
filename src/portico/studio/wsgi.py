"""The studio as editors reach it; granian asks for `application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portico.studio.settings")

application = get_wsgi_application()
