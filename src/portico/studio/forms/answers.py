"""What the relay asks of the studio over its back socket. 4xx is for ever, 5xx for now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import DatabaseError, DataError, IntegrityError, InterfaceError
from django.utils import timezone

from portico.studio.forms import delivery, mail, names, person
from portico.studio.models.forms import Form

Body = Mapping[str, Any]
Answer = tuple[int, dict[str, Any]]


def _answering(ask: Callable[[Body], dict[str, Any]]) -> Callable[[Body], Answer]:
    def answer(body: Body) -> Answer:
        try:
            return 200, ask(body)
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            return 400, {"what": f"not what was expected: {error!r}"}
        except Form.DoesNotExist:
            return 422, {"what": f"there is no form {body.get('form')!r}"}
        except (DataError, IntegrityError):
            raise
        except (DatabaseError, InterfaceError) as error:
            return 503, {"what": f"the database can't be asked: {str(error).strip()}"}

    return answer


@_answering
def deliver(body: Body) -> dict[str, Any]:
    sent = delivery.of(body)
    if sent.form == names.PROBE:
        delivery.probe(sent)
        return {"new": True}
    return {"new": delivery.take(sent)}


@_answering
def send_mail(_body: Body) -> dict[str, Any]:
    """Send one mail that is due. `tried` says whether there was one."""
    now = timezone.now()
    said = mail.send_one(now)
    waiting, oldest_s = mail.waiting(now)
    return {"tried": said is not None, "why": said or "", "waiting": waiting, "oldest_s": oldest_s}


@_answering
def forget(_body: Body) -> dict[str, Any]:
    return {"erased": person.forget(timezone.now())}


@_answering
def erase(body: Body) -> dict[str, Any]:
    return {"erased": person.erase(str(body["address"]), timezone.now())}


@_answering
def export(body: Body) -> dict[str, Any]:
    return {"entries": person.export(str(body["address"]))}


@_answering
def drilled(body: Body) -> dict[str, Any]:
    return {"tokens": delivery.drilled(str(body["run"]), forget=bool(body.get("forget", False)))}
