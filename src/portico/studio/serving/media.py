"""Pictures and documents for those who edit: previews and choosers show them. Visitors get frozen copies."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseNotModified
from django.views.static import serve
from wagtail.admin.auth import require_admin_access


@require_admin_access
def file(request: HttpRequest, path: str) -> FileResponse | HttpResponseNotModified:
    """An SVG that somebody uploaded runs nothing, whoever opens it by itself."""
    answer = serve(request, path, document_root=settings.MEDIA_ROOT)
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
