"""An impossible promise is refused, with the arithmetic and with what would make it possible."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portico.config import load, pace, promise
from portico.config.models import Settings
from portico.edge import render, spec
from portico.kit.errors import ConfigError


def parse(text: str) -> Settings:
    return load.parse(tomllib.loads(text), where="portico.toml")


def refused(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return caught.value


def test_the_defaults_keep_their_promise_with_room():
    made = promise.of(Settings())
    assert made.needed_s < made.budget_s / 4


def test_99_99_percent_with_a_detection_of_60_s_times_3_is_refused_with_the_arithmetic():
    error = refused("[slo]\navailability = 99.99\n[probes]\nevery_s = 60\nfails = 3\n")
    assert error.where == "portico.toml"
    assert error.what == (
        "slo/availability: 99.99 % of 30 days leaves 259.2 s; the longest outage takes"
        " 182 s to detect (60 s x 3 looks + 2 s timeout)"
        " + 0.75 s to decide (0.5 s watcher's tick + 0.25 s keeper's tick)"
        " + 13.75 s to switch (0.75 s x 4 replicas that hang + 0.75 s edge's checks"
        " + 10 s start of a new one)"
        " = 196.5 s, and 4 of them 786 s"
    )


def test_99_99_percent_with_quick_looks_is_accepted():
    assert parse("[slo]\navailability = 99.99\n").slo.availability == 99.99


def test_a_promise_that_nobody_watches_is_not_held():
    assert parse("[watch]\nenabled = false\n[slo]\navailability = 99.9999\n")


def test_what_the_arithmetic_counts_is_what_the_edge_is_told():
    text = render.haproxy_cfg(spec.of(Settings(), https_port=8443, enabled=[], threads=1))
    assert f"timeout server {pace.HUNG_MS}ms" in text
    assert f"check inter {pace.EDGE_CHECK_MS}ms" in text


settings = st.builds(
    lambda availability, every, fails, incidents, replicas: (
        f"[slo]\navailability = {availability}\nincidents = {incidents}\n"
        f"[probes]\nevery_s = {every}\nfails = {fails}\n"
        f"[clusters]\nreplicas = {replicas}\n"
    ),
    st.sampled_from([99.0, 99.9, 99.95, 99.99, 99.995, 99.999]),
    st.floats(0.5, 300).map(lambda value: round(value, 2)),
    st.integers(1, 10),
    st.integers(1, 20),
    st.integers(1, 8),
)


@given(settings)
def test_it_is_refused_if_and_only_if_the_outages_need_more_than_the_budget(text):
    made = promise.of(Settings.model_validate(tomllib.loads(text)))
    assert made.longest_s == pytest.approx(sum(stage.seconds for stage in made.stages))
    assert made.fits == (made.incidents * made.longest_s <= made.budget_s)
    if made.fits:
        parse(text)
    else:
        refused(text)


@given(settings)
def test_each_thing_that_the_hint_names_makes_it_fit(text):
    try:
        parse(text)
    except ConfigError as error:
        for key, value in re.findall(r"(\w+/\w+) of at most ([\d.]+)", error.hint):
            section, name = key.split("/")
            values = tomllib.loads(text)
            values[section][name] = int(value) if name == "incidents" else float(value)
            load.parse(values, where="portico.toml")


@given(settings, st.floats(0.1, 1))
def test_quicker_looks_never_make_a_promise_impossible(text, part):
    values = tomllib.loads(text)
    before = promise.of(Settings.model_validate(values))
    values["probes"]["every_s"] = max(0.5, values["probes"]["every_s"] * part)
    assert promise.of(Settings.model_validate(values)).longest_s <= before.longest_s
