# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The greater ways out: the next releases, another system, and why one is no way. Pure."""

from __future__ import annotations

from ..judgement import Setting
from ..pythons import find_pythons
from ..reference import parse
from .model import Finding, Option
from .targets import ALMALINUX, DEBIAN, EARLY, NONE, era, fits_pin
from .words import command, steps


def upgrade_instead(setting: Setting) -> tuple[Option, ...]:
    """Return the upgrade path as the other way, none for the newest release."""
    return tuple(way._replace(text=f"Or {way.text}") for way in upgrade_path(setting))


def upgrade_path(setting: Setting) -> tuple[Option, ...]:
    """Return the upgrade path as a way of its own, none for the newest release."""
    release = setting.release
    path = setting.catalog.path(release) if release else ()
    if not release or not path:
        return ()
    after = ""
    if era(setting) == EARLY and release.flavour == "RDM":
        after = (
            "Docker Hub is left behind with 11, which gets no fixes any more either."
        )
    ask = command(setting, "check", f"--for {path[0].label}")
    return (Option(f"upgrade: {steps(path, release)}", (ask,), after),)


def ask_for_next(setting: Setting) -> Option | None:
    """Return how to ask what the next upgrade changes, None for the newest release."""
    for path in upgrade_path(setting):
        return path._replace(
            text="see what the upgrade changes, before anything is touched."
        )
    return None


def own_system(finding: Finding, setting: Setting) -> tuple[Option, ...]:
    """Offer the system of the release's own images, where the pin accepts its Python."""
    release, to = setting.release, "almalinux"
    if not release or finding.judged.reference.kind != "from":
        return ()
    image = ALMALINUX
    if era(setting) == DEBIAN:
        image, to = parse(release.image or ""), "debian"
    elif era(setting) == EARLY and (release.node_builds_to or release.flavour == "ILS"):
        return ()
    found = setting.catalog.base_image(image)
    if not found or not fits_pin(finding.judged, found[0], setting):
        return ()
    name = setting.catalog.systems[found[0].os].name
    installs = any(find_pythons(line) for line in finding.judged.lineages)
    text = f"Or {name}:" if installs else f"Or {name} (Python {found[0].python} fits):"
    return (Option(text, (command(setting, "migrate", f"--to {to}"),)),)


def no_almalinux(finding: Finding, setting: Setting) -> tuple[str, ...]:
    """Say why AlmaLinux is no way: the Node of the release, or the Python of the image."""
    release, base = setting.release, finding.judged.base
    if release and release.node_builds_to:
        return (
            f"AlmaLinux. {release.label} builds its assets on Node "
            f"{release.node_builds_to}, almalinux:1 has 16.",
        )
    if base and base.python != "3.9" and era(setting) == NONE:
        return (
            f"AlmaLinux, as it is: it has Python 3.9 and no {base.python}; what is "
            "installed must fit 3.9 first.",
        )
    return ()
