"""An error is one line: where, what, and what to do."""

import pytest

from portico.kit import errors


def test_an_error_reads_as_where_what_and_hint():
    error = errors.PorticoError("the port is taken", where="edge/https_port", hint="choose another")
    assert str(error) == "edge/https_port: the port is taken (choose another)"


def test_an_error_without_place_and_hint_is_its_sentence():
    assert str(errors.PorticoError("that failed")) == "that failed"


def test_each_kind_of_error_has_an_exit_code_of_its_own():
    kinds = [errors.PorticoError, *errors.PorticoError.__subclasses__()]
    own = [kind for kind in kinds if kind.__module__ == errors.__name__]
    assert len({kind.code for kind in own}) == len(own)


@pytest.mark.parametrize("code", list(errors.Exit))
def test_an_exit_code_is_neither_success_nor_a_shells_own(code):
    assert 0 < code < 64
