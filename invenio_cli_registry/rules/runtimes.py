# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python and the Node of a build, against what is required of them. Pure."""

from __future__ import annotations

from typing import Iterator

from ..builds import Build
from ..case import Case, Mismatch, minor_key
from ..catalog import Release
from ..instance import Pin, respell_pin
from ..model import Finding, Step, Way
from ..survey import Instance
from ..ways import STAYS, find_way, is_for_another_release
from .options import fit_python, lock_again
from .rule import (
    MIGRATION_PAGE,
    Rule,
    find_recipe,
    image_step,
    place_of,
    with_options,
)

#: pip installs pipenv 2025.0 up to Python 3.9, which does not compare; 2026 does (tried).
_SKIPS = (
    "pipenv skips packages that are locked for a newer Python, without an error, and "
    "`invenio collect` fails."
)
_STOPS = "pipenv stops, because the Python is not the one that the Pipfile requires."
_TEMPLATE = "The v13 template creates this mismatch; it is not your mistake."


def find_mismatches(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each build with a Python that is not the required one."""
    yield from _find_pins(instance, case) if case.asked else ()
    seen = set()
    for build in instance.builds:
        mismatch = case.mismatch(build)
        way = find_way(build.base, instance, case) if build.base else STAYS
        step = _step(build, mismatch, way, case) if mismatch and case.asked else None
        if mismatch is None or (case.asked and step is None):
            continue
        installed = build.python.span if _stays(build, way, case) else None
        span, pin = installed or place_of(build), mismatch.pin
        if (span.key, mismatch.wanted) in seen:
            continue
        seen.add((span.key, mismatch.wanted))
        fitting = [one for one in case.pythons if pin is None or pin.accepts(one)]
        wanted = fitting[-1] if fitting else pin and not case.pythons and pin.minor
        recipe = find_recipe(case, build, python=wanted or None)
        found = Finding(
            "python",
            mismatch.act,
            span,
            f"{pin.source if pin else case.label()} requires Python {mismatch.wanted}, "
            f"{build.python.source if installed else 'the base image'} has "
            f"{mismatch.python}.",
            why=_why(build, mismatch, case),
            source="" if pin or not case.release else case.release.page,
            subject=f"Python {mismatch.python}",
            reference=build.base,
            way=way,
            recipe=recipe,
            step=step,
        )
        yield with_options(found, fit_python(build, way, recipe, instance, case))


def _stays(build: Build, way: Way, case: Case) -> bool:
    """Tell whether the Dockerfile installs the Python, and does on the new image, too."""
    base = case.identify(way.image).base if way.image else None
    moved = case.asked and base and base.system != build.system
    return build.python.installed and not moved


def _step(build: Build, mismatch: Mismatch, way: Way, case: Case) -> Step | None:
    """Return the line of an upgrade's list, None where a pin or an image says it already."""
    wanted = case.pythons[-1] if case.pythons else mismatch.wanted
    if _stays(build, way, case):
        return Step("Python", mismatch.python, wanted, remark="the Dockerfile has it")
    identity, base = build.identity, build.base
    if way.becomes and identity and base:
        known = identity.base
        moves = identity.on_hub or (known and is_for_another_release(known, case))
        return None if moves else image_step(way, base, case)
    text = base.text if base else ""
    new = f"one with Python {wanted}"
    return None if mismatch.pin else Step("base image", text, new)


def _why(build: Build, mismatch: Mismatch, case: Case) -> str:
    """Say what the build makes of it, as far as that was tried."""
    pin, release, said = mismatch.pin, case.release, []
    if pin and build.manager == "pipenv":
        compares = minor_key(mismatch.python) >= (3, 10)
        said += [_STOPS] if compares else [_SKIPS] if mismatch.older else []
        is_13 = release and (release.flavour, release.major) == ("RDM", 13)
        if is_13 and pin.minor == "3.12" and mismatch.python == "3.9":
            said.append(_TEMPLATE)
    elif pin and build.manager in ("uv", "poetry"):
        said.append(
            f"{build.manager} refuses a Python that {pin.source} does not allow."
        )
    if mismatch.act == "soon":
        said.append("The build may still work, but this combination is not tested.")
    return " ".join(said)


def _find_pins(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each pin that does not accept the Python that the release brings."""
    release, seen = case.release, set()
    for build in instance.builds:
        pin = build.pin
        if not pin or not pin.span or not release or not (build.counts and build.built):
            continue
        way = find_way(build.base, instance, case) if build.base else STAYS
        python = _python_to_accept(pin, way, case)
        if not python or pin.accepts(python) or pin.span.key in seen:
            continue
        seen.add(pin.span.key)
        new = respell_pin(pin, python)
        yield Finding(
            "python",
            "plan",
            pin.span,
            f"{case.label()} requires Python {python}, {pin.source} has {pin.text}.",
            help=f"Set it to {new}.",
            source=release.page,
            subject=f"Python {pin.text}",
            step=Step("Python", pin.text, new, not way.python),
        )


def _python_to_accept(pin: Pin, way: Way, case: Case) -> str:
    """Return the Python that a pin has to accept, "" when it may stay."""
    own = case.own_image
    if way.python or (own and way.becomes):
        return way.python or (own[1].python if own else "")
    fits = not case.pythons or any(map(pin.accepts, case.pythons))
    return "" if fits else case.pythons[-1]


def find_lock(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding when Pipfile and lock disagree: pipenv stops ("Aborting deploy")."""
    pin, lock = instance.project.pins.get("pipenv"), instance.project.lock
    made_for = lock.python if lock else None
    if case.asked or not pin or not lock or not made_for or not lock.span:
        return
    reads = {build.manager for build in instance.builds if build.counts}
    differs = None not in (pin.minor, made_for.minor) and pin.minor != made_for.minor
    if differs and (not reads or reads & {"pipenv", None}):
        message = (
            f"{pin.source} requires Python {pin.text}, {lock.name} was made for "
            f"{made_for.text}."
        )
        why = "The build stops until the lock file is made again."
        found = Finding("lock-python", "now", lock.span, message, why)
        found = found._replace(subject=lock.name)
        yield with_options(found, lock_again(instance, case))


#: What is known of 12 and 13 on ``almalinux:1``.
_NPM_WARNS = (
    "No need to act: it is the release's own image, and npm only warns. (`--verbose` shows "
    "the lines that install a later Node.)"
)
_NODE_SASS = "https://github.com/sass/node-sass#node-version-support-policy"


def find_nodes(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each build whose Node the release does not work with."""
    release, seen = case.release, set()
    for build in instance.builds if release else ():
        place = (build.node.span or place_of(build)).key
        node = int(build.node.version or 0)
        if release is None or not node or not build.installs_instance or place in seen:
            continue
        moves = build.base and find_way(build.base, instance, case).becomes
        if case.asked and moves and not build.node.installed:
            continue  # The new image brings its own Node.
        seen.add(place)
        wanted, act, said = _compare(node, release)
        if wanted:
            found = _finding(build, release, wanted, act, said, case)
            calm = node < wanted and not case.asked and _is_on_own_image(build, case)
            yield found._replace(act="no", help=_NPM_WARNS) if calm else found


def _is_on_own_image(build: Build, case: Case) -> bool:
    """Tell whether the Node is that of the image which the release's makers publish."""
    base, own = build.identity and build.identity.base, case.own_image
    same = base and own and base.family == own[1].family
    return bool(same) and not build.node.installed


def _compare(node: int, release: Release) -> tuple[int, str, str]:
    """Return the Node that the release works with, the act, and what it requires."""
    least, greatest = release.node
    if release.node_builds_to and node > release.node_builds_to:
        wanted = release.node_builds_to
        return wanted, "now", f"builds its assets with node-sass 4, up to Node {wanted}"
    if least and node < least:
        return least, "plan", f"requires Node {least} or later"
    if greatest and node > greatest:
        return greatest, "plan", f"requires Node {least} to {greatest}"
    return 0, "no", ""


def _finding(
    build: Build, release: Release, wanted: int, act: str, why: str, case: Case
) -> Finding:
    installed, node = build.node.installed, build.node.version or ""
    exactly = int(node) > wanted  # A later one is what does not work.
    nodes = range(wanted, wanted + 1 if exactly else 100)
    recipe = find_recipe(case, build, nodes=nodes)
    lines = " (`--verbose` shows the lines)" if recipe else ""
    new = str(wanted) if exactly else f"{wanted} or later"
    return Finding(
        "node",
        act,
        build.node.span or place_of(build),
        f"{case.label()} {why}; {build.node.source if installed else 'the base image'} has "
        f"Node {node}.",
        why="The assets do not build." if act == "now" else "",
        help=f"Install Node {new} in the Dockerfile{lines}.",
        source=_NODE_SASS if act == "now" else release.page,
        subject=f"Node {node}",
        reference=build.base,
        recipe=recipe,
        step=Step("Node", node, new) if case.asked else None,
    )


RULES = (
    Rule(
        "python",
        "Wrong Python for the instance",
        "now",
        "The Python that the packages are installed into is not the one that the instance's "
        "files, or the release, require.",
        "Run `{prog} check`: it names the image that fits, the Python to set with `{prog} "
        "migrate --set-python`, or the lines to add.",
        MIGRATION_PAGE,
        find_mismatches,
    ),
    Rule(
        "lock-python",
        "Lock file made for another Python",
        "now",
        "Pipfile.lock was made for another Python than the Pipfile requires. `pipenv install "
        "--deploy` stops at that.",
        "Make the lock file again: `invenio-cli packages lock`.",
        "https://pipenv.pypa.io/en/latest/cli.html#install",
        find_lock,
    ),
    Rule(
        "node",
        "Wrong Node for the release",
        "plan",
        "The Node of the build is older than the release requires, or newer than its assets "
        "can be built with.",
        "Install the Node that the release requires in the Dockerfile; `{prog} check "
        "--verbose` shows the lines.",
        "https://inveniordm.docs.cern.ch/install/requirements/",
        find_nodes,
    ),
)
