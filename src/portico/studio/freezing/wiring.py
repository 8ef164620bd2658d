"""Where freezing hooks into Django: triggers around migrations, pokes after commits."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from portico.studio.freezing import poke
from portico.studio.freezing.triggers import install


def connect(app: AppConfig) -> None:
    pre_migrate.connect(install.before_migrating, sender=app)
    post_migrate.connect(install.after_migrating, sender=app)
    poke.connect()
