# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What to do about an image, a Python or a lock file, with the commands to type. Pure.

Each function returns options, the recommended one first. The last one may say what is not
possible, and why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence, Tuple

from ..builds import Build
from ..case import Case
from ..catalog import Recipe, segments
from ..image import Image
from ..instance import respell_pin
from ..model import Command, Option, Reference, Way
from ..survey import Instance
from ..ways import find_system_image

Options = Tuple[Option, ...]

#: Where an institution's own copy would be, in commands to adapt.
COPY_HOST = "YOUR.REGISTRY"
#: What ``--to`` calls the operating systems, as people know them.
SYSTEM_NAMES = {"almalinux": "AlmaLinux", "debian": "Debian"}
_NEW_LOCK = (
    "Re-locking also updates packages that the release does not pin: review the diff of "
    "the lock file."
)
_AGREE = "Make the two agree: change the Dockerfile, or what the instance requires."


# ---- Images ---------------------------------------------------------------------------


def move_image(
    reference: Reference, way: Way, instance: Instance, case: Case
) -> Options:
    """Answer an image by its row of the table in ``ways.py``."""
    name, to_same = reference.text, ("migrate", "--to", "same")
    builds = instance.builds_on(reference)
    if way.row == "same_at_cern":
        return _use_same(reference, way, instance, case)
    if way.row == "own_copy":
        text = f"Use your own copy at {way.where}."
        return (Option(text, (case.command("migrate"),)),)
    if way.row == "release_image":
        text = f"Use the release's own image, {_short(way.image)}"
        if way.python:
            text = f"{text}, and its Python {way.python}."
            return (_set_python(text, way.python, builds, instance, case),)
        return (Option(f"{text}.", (case.command("migrate"),)),)
    if way.row == "fitting_image":
        by_hand = Option(
            f"Change {name} by hand to {way.image}, which has the Python that is required."
        )
        text = "Or only move the same image to CERN's registry:"
        safe = Option(text, (case.command(*to_same),))
        identity = case.identity(reference)
        return (by_hand, safe) if identity and identity.on_hub else (by_hand,)
    text = "CERN's registry may have it under the same name (unconfirmed):"
    same = Option(text, (case.command(*to_same, "--verify"),))
    if way.row == "unknown_image":
        text = f"No replacement for {name} is known: ask its maintainer for one"
        return Option(f"{text}, or keep a copy in your own registry."), same
    if reference.tag_unknown:
        text = f"Write out the tag of {name}; what it becomes depends on it."
        return Option(text), same
    text = (
        f"Copy the image to your own registry while Docker Hub has it: {way.why_not}."
    )
    first = Option(text, copy_commands(_upstream(reference, case), case))
    return (first, *move_to_system(reference, instance, case), same)


def _use_same(
    reference: Reference, way: Way, instance: Instance, case: Case
) -> Options:
    """Answer v1-v10, early ILS and no release: the same image from CERN's registry."""
    cache = way.becomes and way.image and way.becomes.registry != way.image.registry
    through = ""
    if cache and way.becomes and not case.identify(way.becomes).safe:
        through = f", through your cache {way.becomes.registry}"
    text = f"Use the same image from {way.where}{through}."
    if instance.project.lock:
        text += " Python and the lock file do not change."
    first = Option(text, (case.command("migrate", "--verify"),))
    copy = Option(
        f"If {way.where} does not have it, copy it to your own registry:",
        (case.command("check", "--verbose", remark="shows the commands"),),
        details=copy_commands(_upstream(reference, case), case),
    )
    return (first, copy, *move_to_system(reference, instance, case))


def _upstream(reference: Reference, case: Case) -> Image | None:
    identity = case.identity(reference)
    return identity.upstream if identity else None


def copy_commands(image: Image | None, case: Case) -> tuple[Command, ...]:
    """Return the two lines that make a copy of an image and move to it.

    The registry in them is a placeholder, which ``migrate`` refuses by its name.
    """
    if image is None:
        return ()
    owner, _, repository = image.repository.rpartition("/")
    upstream = f"{image.registry}/{owner}" if owner else image.registry
    home = f"{COPY_HOST}/invenio"
    target = f"docker://{home}/{repository}{str(image)[len(image.name) :]}"
    return (
        Command(("skopeo", "copy", "--all", f"docker://{image}", target)),
        case.command("migrate", "--copy", f"{upstream}={home}"),
    )


def move_to_system(reference: Reference, instance: Instance, case: Case) -> Options:
    """Offer the release's own system, else AlmaLinux, or say why that is not possible.

    The documentation's page names AlmaLinux for every release.
    """
    release = case.release
    # Whether the release can have its Python is said below.
    image = find_system_image("almalinux", replace(case, release=None))
    image = case.own_image[0] if case.own_image else image
    base = case.identify(image).base if image else None
    identity = case.identity(reference)
    here = identity.base.family if identity and identity.base else ""
    if not base or reference.kind != "from" or here == base.family:
        return ()
    system = next(key for key in SYSTEM_NAMES if base.system.startswith(key))
    builds = instance.builds_on(reference)
    name, python, why = _short(image), base.python, ""
    greatest = release.node_builds_to if release else None
    pins = [build.pin for build in builds if build.pin and not build.python.installed]
    against = [pin for pin in pins if not pin.accepts(python)]
    if release and greatest and base.node and int(base.node) > greatest:
        why = (
            f"{release.label} needs Node {greatest} to build its assets, {name} has Node "
            f"{base.node}."
        )
    elif against:
        pin = against[0]
        why = f"{pin.source} requires Python {pin.text}, {name} has {python}."
    elif release and release.pythons and python not in release.pythons:
        why = f"{release.label} does not support Python {python}, which {name} has."
    if why:
        named = ", which the documentation page names," if system == "almalinux" else ""
        lead = f"{SYSTEM_NAMES[system]}{named} is not possible as it is"
        return (Option(f"{lead}: {why}"),)
    end = case.catalog.end_of("Python", python, base.system)
    fixes = f" and fixes for it until {end}" if end and not case.is_over(end) else ""
    text = f"Or move to {SYSTEM_NAMES[system]}, which has Python {python}{fixes}:"
    after = ""
    if _needs_node_sass(instance):
        after = "Its assets need Node 14 (node-sass), the image has a later one."
    return (Option(text, (case.command("migrate", "--to", system),), after),)


def _needs_node_sass(instance: Instance) -> bool:
    """Tell whether the lock file has invenio-assets before 1.3, which uses node-sass."""
    manifests = instance.project.manifests
    found = manifests.table("Pipfile.lock", "default", "invenio-assets")
    version = segments(str(found.get("version", "")).lstrip("="))
    return version is not None and version < (1, 3)


def _short(image: Image | None) -> str:
    return image.familiar.rpartition("/")[2] if image else ""


# ---- Python and the lock file ---------------------------------------------------------


def fit_python(
    build: Build, way: Way, recipe: Recipe | None, instance: Instance, case: Case
) -> Options:
    """Answer a build whose Python is not the required one."""
    if build.base and way.row in ("release_image", "fitting_image"):
        return move_image(build.base, way, instance, case)
    pin, release = build.pin, case.release
    if way.python:
        supports = f", which {release.label} supports" if release else ""
        text = f"Use the image's Python {way.python}{supports}."
        use = _set_python(text, way.python, [build], instance, case)
        keep = Option(
            f"Or keep Python {pin.text if pin else ''} and install it in the Dockerfile "
            "(`--verbose` shows the lines)."
        )
        return (use, keep) if recipe else (use,)
    base = build.identity.base if build.identity else None
    if build.python.installed and base and pin and pin.accepts(base.python):
        text = (
            f"Remove the lines that install Python {build.python.version}: the image has "
            f"{base.python}, which is required."
        )
        return (Option(text),)
    lines = "`--verbose` shows lines for the Dockerfile." if recipe else ""
    return (Option(_AGREE, after=lines),)


def _set_python(
    text: str, python: str, builds: Sequence[Build], instance: Instance, case: Case
) -> Option:
    """Return ``migrate``, with the pin to set and the lock file to make again, if any."""
    pins = [build.pin for build in builds if build.pin and build.pin.span]
    remark = ""
    for pin in pins[:1]:
        place = pin.span.at_line if pin.span else ""
        remark = f"{place}  {pin.text} -> {respell_pin(pin, python)}"
    command = case.command("migrate", "--set-python", remark=remark)
    lock = lock_commands(instance, case, python)
    return Option(text, (command, *lock), _NEW_LOCK if lock else "")


def lock_again(instance: Instance, case: Case) -> Options:
    """Answer a lock file that was made for another Python than the Pipfile requires."""
    pin = instance.project.pins["pipenv"]
    python = pin.minor or pin.text
    text = (
        f"Make the lock file again with Python {python}, which {pin.source} requires."
    )
    return (Option(text, lock_commands(instance, case, python), _NEW_LOCK),)


def lock_commands(instance: Instance, case: Case, python: str) -> tuple[Command, ...]:
    """Return how the lock file is made again, nothing where there is none.

    The host's command works in its own instances only.
    """
    project = instance.project
    if not project.lock:
        return ()
    words: tuple[str, ...] = (project.manager or "pipenv", "lock")
    if project.manager == "pipenv" and ".invenio" in project.manifests.present:
        words = ("invenio-cli", "packages", "lock")
    remark = f"needs Python {python} on this machine" if python else ""
    return (case.host_command(*words, remark=remark),)
