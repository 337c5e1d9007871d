# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python of a build, against what the instance's files and the release require. Pure."""

from __future__ import annotations

from typing import Iterator

from ..builds import Build
from ..case import Case, Mismatch, list_or
from ..instance import Pin, respell_pin
from ..model import Finding, Span, Step, Way
from ..survey import Instance
from ..ways import STAYS, find_way
from .recipes import find_recipe
from .rule import MIGRATION_PAGE, Rule, image_step, place_of

#: pip installs pipenv 2025.0 up to Python 3.9, which does not compare; 2026 does (tried).
_SKIPS = (
    "pipenv skips packages that are locked for a newer Python, without an error, and "
    "`invenio collect` fails."
)
_STOPS = "pipenv stops, because the Python is not the one that the Pipfile requires."
_TEMPLATE = "The v13 template creates this mismatch; it is not your mistake."


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each build with a Python that is not the required one."""
    yield from _find_pins(instance, case) if case.asked else ()
    seen = set()
    for build in instance.builds:
        mismatch = case.mismatch(build)
        way = find_way(build.base, instance, case) if build.base else STAYS
        if mismatch is None or (case.asked and _is_said(build, way, mismatch)):
            continue
        span = build.python.span if build.python.installed else None
        span = span or place_of(build)
        if (span.key, mismatch.wanted) not in seen:
            seen.add((span.key, mismatch.wanted))
            yield _finding(build, mismatch, way, span, case)


def _is_said(build: Build, way: Way, mismatch: Mismatch) -> bool:
    """Tell whether the pin of an upgrade says all: the image stays as it is."""
    return mismatch.pin is not None and not way.becomes and not build.python.installed


def _finding(
    build: Build, mismatch: Mismatch, way: Way, span: Span, case: Case
) -> Finding:
    pin = mismatch.pin
    by = pin.source if pin else case.label()
    has = (
        f"{build.python.source} has" if build.python.installed else "the base image has"
    )
    wanted = _wanted_python(mismatch, case)
    recipe = find_recipe(case, build, python=wanted) if pin and wanted else None
    return Finding(
        rule=RULE.id,
        act=mismatch.act,
        span=span,
        message=f"{by} requires Python {mismatch.wanted}, {has} {mismatch.python}.",
        why=_why(build, mismatch, case),
        help=_help(mismatch, way, case),
        source=_source(mismatch, case),
        subject=f"Python {mismatch.python}",
        reference=build.base,
        way=way,
        recipe=recipe,
        step=_step(build, mismatch, way, case),
    )


def _wanted_python(mismatch: Mismatch, case: Case) -> str | None:
    """Return the one Python that a recipe has to bring, None when that is open."""
    pin = mismatch.pin
    supported = case.release.pythons if case.release else ()
    fitting = [one for one in supported if pin is None or pin.accepts(one)]
    return fitting[-1] if fitting else (pin.minor if pin and not supported else None)


def _why(build: Build, mismatch: Mismatch, case: Case) -> str:
    """Say what the build makes of it, as far as that was tried."""
    pin, release = mismatch.pin, case.release
    said = []
    if pin and build.manager == "pipenv":
        new = mismatch.act == "now" and not mismatch.older
        newer = _is_newer_pipenv(mismatch)
        said += [_STOPS] if new or newer else [_SKIPS] if mismatch.older else []
    elif pin and build.manager in ("uv", "poetry"):
        said.append(
            f"{build.manager} refuses a Python outside of what {pin.source} requires."
        )
    if mismatch.act == "soon":
        said.append("The build may still work, but nobody tests it.")
    is_13 = release and (release.flavour, release.major) == ("RDM", 13)
    if is_13 and pin and pin.minor == "3.12" and mismatch.python == "3.9":
        said.append(_TEMPLATE)
    return " ".join(said)


def _is_newer_pipenv(mismatch: Mismatch) -> bool:
    return int(mismatch.python.split(".")[1]) >= 10


def _help(mismatch: Mismatch, way: Way, case: Case) -> str:
    if way.python and way.image:
        return (
            f"Use {way.image.familiar} and its Python {way.python}: run "
            f"`{case.prog} migrate --set-python`."
        )
    if way.python:
        return f"Use the image's Python {way.python}: run `{case.prog} migrate --set-python`."
    if way.image:
        return f"Use {way.image.familiar}."
    return "Make the two agree: change the Dockerfile, or what the instance requires."


def _source(mismatch: Mismatch, case: Case) -> str:
    return MIGRATION_PAGE if mismatch.pin or not case.release else case.release.page


def _step(build: Build, mismatch: Mismatch, way: Way, case: Case) -> Step | None:
    if not case.asked or not case.release:
        return None
    if way.becomes and build.base and not build.python.installed:
        return image_step(way, build.base, case)
    wanted = list_or(case.release.pythons[-1:]) or mismatch.wanted
    if build.python.installed:
        return Step("Python", mismatch.python, wanted, remark="the Dockerfile has it")
    name = build.base.text if build.base else ""
    return Step("base image", name, f"one with Python {wanted}")


def _find_pins(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each pin that does not accept the Python that the release brings."""
    for pin, python, writes in _list_pins(instance, case):
        if pin.accepts(python) or pin.span is None:
            continue
        yield Finding(
            rule=RULE.id,
            act="plan",
            span=pin.span,
            message=f"{case.label()} requires Python {python}, {pin.source} has {pin.text}.",
            help=f"Set it to {respell_pin(pin, python)}.",
            source=case.release.page if case.release else "",
            subject=f"Python {pin.text}",
            step=Step("Python", pin.text, respell_pin(pin, python), not writes),
        )


def _list_pins(instance: Instance, case: Case) -> Iterator[tuple[Pin, str, bool]]:
    """Yield the pins of the builds with the Python that each has to accept."""
    release, seen = case.release, set()
    for build in instance.builds:
        pin = build.pin
        if not pin or not release or not build.counts or not build.built:
            continue
        way = find_way(build.base, instance, case) if build.base else STAYS
        own = case.own_image
        newest = (
            release.pythons[-1:] or (own[1].python,) if own else release.pythons[-1:]
        )
        python = way.python or (own[1].python if own and way.becomes else "")
        if not python and any(map(pin.accepts, release.pythons)):
            continue
        python = python or (newest[0] if newest else "")
        if python and pin not in seen:
            seen.add(pin)
            yield pin, python, bool(way.python)


RULE = Rule(
    "python",
    "Wrong Python",
    "The Python that the packages are installed into is not the one that the instance's "
    "files, or the release, require.",
    "now",
    "Run `{prog} check`: it names the image that fits, the Python to set with `{prog} "
    "migrate --set-python`, or the lines to add.",
    MIGRATION_PAGE,
    find,
)
