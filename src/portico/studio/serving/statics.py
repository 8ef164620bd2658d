"""The studio's static files for editors' browsers, under their own names and under hashed ones."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from portico.studio.serving import fingerprints


class Middleware(WhiteNoiseMiddleware):
    """WhiteNoise looks its files up when it begins; hashed names come to be when a page says them."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if path not in self.files and path.startswith(self.static_prefix):
            place = fingerprints.file(path.removeprefix(self.static_prefix))
            if place is not None:
                self.add_file_to_dictionary(path, str(place))
        return super().__call__(request)

    def immutable_file_test(self, _path: str, url: str) -> bool:
        return fingerprints.is_hashed(url)
