# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What to do about each urgent finding, with the commands to type. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Mapping, NamedTuple

from ..builds import Build
from ..case import Case
from ..catalog import Release, segments
from ..image import Image
from ..instance import respell_pin
from ..model import Command, Finding, Option, Way
from ..survey import Instance
from ..ways import STAYS, find_system_image

#: Where an institution's own copy would be, in commands to adapt.
COPY_HOST = "YOUR.REGISTRY"
#: What ``--to`` calls the operating systems, as people know them.
SYSTEM_NAMES = {"almalinux": "AlmaLinux", "debian": "Debian"}
_NEW_LOCK = (
    "Re-locking also updates packages that the release does not pin: review the diff of "
    "the lock file."
)
_AGREE = "Make the two agree: change the Dockerfile, or what the instance requires."


class Options(NamedTuple):
    """What to do about one finding: first this, or else that, and what is not possible."""

    first: Option
    others: tuple[Option, ...] = ()
    impossible: tuple[str, ...] = ()


class Facts(NamedTuple):
    """What the texts about one finding are made of."""

    finding: Finding
    instance: Instance
    case: Case

    @property
    def way(self) -> Way:
        """Return what becomes of its reference."""
        return self.finding.way or STAYS

    @property
    def builds(self) -> tuple[Build, ...]:
        """Return the builds on its reference."""
        reference = self.finding.reference
        return self.instance.builds_on(reference) if reference else ()


def list_options(finding: Finding, instance: Instance, case: Case) -> Options:
    """Return what to do about a finding, besides the upgrade."""
    tell = _BY_RULE.get(finding.rule, _do_as_it_says)
    return tell(Facts(finding, instance, case))


def _do_as_it_says(it: Facts) -> Options:
    return Options(Option(it.finding.help))


def _fix_commands(it: Facts) -> Options:
    if it.finding.recipe:
        return Options(Option("Add lines to the Dockerfile (`--verbose` shows them)."))
    return Options(Option("Change the commands that fail; they are listed below."))


# ---- Images ---------------------------------------------------------------------------


def _move_image(it: Facts) -> Options:
    return _BY_ROW.get(it.way.row, _do_as_it_says)(it)


def _same_at_cern(it: Facts) -> Options:
    """Answer v1-v10, early ILS and no release: the same image from CERN's registry."""
    lock = it.instance.project.lock
    stays = " Python and the lock file do not change." if lock else ""
    copy = Option(
        f"If {it.way.where} does not have it, copy it to your own registry:",
        (it.case.command("check", "--verbose", remark="(shows the commands)"),),
        details=_copy_commands(it),
    )
    first = Option(
        f"Use the same image from {it.way.where}.{stays}",
        (it.case.command("migrate", "--verify"),),
    )
    system = move_to_system(it)
    return Options(first, (copy, *system.others), system.impossible)


def _own_copy(it: Facts) -> Options:
    text = f"Use your own copy at {it.way.where}."
    return Options(Option(text, (it.case.command("migrate"),)))


def _release_image(it: Facts) -> Options:
    """Answer v11 and later: the release's own image, and its Python."""
    way, name = it.way, _short(it.way.image)
    if not way.python:
        text = f"Use the release's own image, {name}."
        return Options(Option(text, (it.case.command("migrate"),)))
    text = f"Use the release's own image, {name}, and its Python {way.python}."
    return Options(_set_python(it, text, way.python))


def _fitting_image(it: Facts) -> Options:
    build = it.finding.reference
    first = Option(
        f"Change {build.text if build else 'the image'} by hand to {it.way.image}, which "
        "has the Python that is required."
    )
    command = it.case.command("migrate", "--to", "same")
    same = Option("Or only move the same image to CERN's registry:", (command,))
    return Options(first, (same,) if it.finding.rule == "docker-hub" else ())


def _unknown_image(it: Facts) -> Options:
    text = (
        f"Ask the maintainer of {it.finding.subject} for a replacement, or keep your own "
        "copy: none is known."
    )
    same = Option(
        "CERN's registry may have it under the same name (unconfirmed):",
        (it.case.command("migrate", "--to", "same", "--verify"),),
    )
    return Options(Option(text), (same,))


def _keep_a_copy(it: Facts) -> Options:
    """Answer an image that only Docker Hub is known to have."""
    reference = it.finding.reference
    same = Option(
        "You can still switch to CERN's name for it, unconfirmed:",
        (it.case.command("migrate", "--to", "same", "--verify"),),
    )
    if reference and reference.tag_unknown:
        name = it.finding.subject
        text = f"Write out the tag of {name}; what it becomes depends on it."
        return Options(Option(text), (same,))
    text = f"Copy the image to your own registry while Docker Hub has it: {it.way.why_not}."
    system = move_to_system(it)
    first = Option(text, _copy_commands(it))
    return Options(first, (*system.others, same), system.impossible)


def _copy_commands(it: Facts) -> tuple[Command, ...]:
    identity = it.case.identity(it.finding.reference) if it.finding.reference else None
    return copy_commands(identity.upstream, it.case) if identity else ()


def copy_commands(image: Image, case: Case) -> tuple[Command, ...]:
    """Return the two lines that make a copy of an image and move to it.

    The registry in them is a placeholder, which ``migrate`` refuses by its name.
    """
    owner, _, repository = image.repository.rpartition("/")
    upstream = f"{image.registry}/{owner}" if owner else image.registry
    home = f"{COPY_HOST}/invenio"
    target = f"docker://{home}/{repository}{str(image)[len(image.name) :]}"
    return (
        Command(("skopeo", "copy", "--all", f"docker://{image}", target)),
        case.command("migrate", "--copy", f"{upstream}={home}"),
    )


def move_to_system(it: Facts) -> Options:
    """Offer the release's own system, else AlmaLinux, or say why that is not possible.

    The documentation's page names AlmaLinux for every release.
    """
    case, release, reference = it.case, it.case.release, it.finding.reference
    # Whether the release can have its Python is said below.
    image = find_system_image("almalinux", replace(case, release=None))
    image = case.own_image[0] if case.own_image else image
    base = case.identify(image).base if image else None
    identity = case.identity(reference) if reference else None
    here = identity.base.family if identity and identity.base else ""
    if not base or not reference or reference.kind != "from" or here == base.family:
        return Options(Option(""))
    system = next(key for key in SYSTEM_NAMES if base.system.startswith(key))
    name, python, why = _short(image), base.python, ""
    greatest = release.node_builds_to if release else None
    pins = [one.pin for one in it.builds if one.pin and not one.python.installed]
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
        lead = f"Not possible as it is: {SYSTEM_NAMES[system]}."
        return Options(Option(""), impossible=(f"{lead} {why}",))
    after = ""
    if _needs_node_sass(it.instance):
        after = "Its assets need Node 14 (node-sass), the image has a later one."
    text = f"Or move to {SYSTEM_NAMES[system]}, which has Python {python}:"
    option = Option(text, (case.command("migrate", "--to", system),), after)
    return Options(Option(""), (option,))


def _needs_node_sass(instance: Instance) -> bool:
    """Tell whether the lock file has invenio-assets before 1.3, which uses node-sass."""
    manifests = instance.project.manifests
    found = manifests.table("Pipfile.lock", "default", "invenio-assets")
    version = segments(str(found.get("version", "")).lstrip("="))
    return version is not None and version < (1, 3)


def _short(image: Image | None) -> str:
    return image.familiar.rpartition("/")[2] if image else ""


# ---- Python and the lock file ---------------------------------------------------------


def _fit_python(it: Facts) -> Options:
    """Answer a build whose Python is not the required one."""
    way, build = it.way, it.builds[0] if it.builds else None
    if way.row in ("release_image", "fitting_image"):
        return _move_image(it)
    recipe, pin = it.finding.recipe, build.pin if build else None
    if way.python:
        release = it.case.release
        supports = f", which {release.label} supports" if release else ""
        text = f"Use the image's Python {way.python}{supports}."
        keep = Option(
            f"Or keep Python {pin.text if pin else ''} and install it in the Dockerfile "
            "(`--verbose` shows the lines)."
        )
        return Options(_set_python(it, text, way.python), (keep,) if recipe else ())
    base = build.identity.base if build and build.identity else None
    if build and build.python.installed and base and pin and pin.accepts(base.python):
        text = (
            f"Remove the lines that install Python {build.python.version}: the image has "
            f"{base.python}, which is required."
        )
        return Options(Option(text))
    lines = "`--verbose` shows lines for the Dockerfile." if recipe else ""
    return Options(Option(_AGREE, after=lines))


def _set_python(it: Facts, text: str, python: str) -> Option:
    """Return how the pin is set, and how the lock file is made again."""
    spans = [
        (build.pin, build.pin.span)
        for build in it.builds
        if build.pin and build.pin.span
    ]
    remark = ""
    for pin, span in spans[:1]:
        remark = f"{span.at_line}  {pin.text} -> {respell_pin(pin, python)}"
    commands = (
        it.case.command("migrate", "--set-python", remark=remark),
        *lock_commands(it.instance, it.case, python),
    )
    return Option(text, commands, _NEW_LOCK if it.instance.project.lock else "")


def _lock_again(it: Facts) -> Options:
    pin = it.instance.project.pins["pipenv"]
    python = pin.minor or pin.text
    text = (
        f"Make the lock file again with Python {python}, which {pin.source} requires."
    )
    commands = lock_commands(it.instance, it.case, python)
    return Options(Option(text, commands, _NEW_LOCK))


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


# ---- Upgrades -------------------------------------------------------------------------


def upgrade_option(case: Case) -> Option | None:
    """Return the upgrade, with the command that previews its first step."""
    release = case.release
    path = case.catalog.path(release) if release else ()
    if not release or not path:
        return None
    command = case.command("check", "--for", path[0].label)
    if len(path) == 1 and not case.is_over(release.maintained_until):
        python = f", which uses Python {path[0].pythons[-1]}" if path[0].pythons else ""
        return Option(f"Or upgrade to {path[0].label}{python}:", (command,))
    return Option(f"Lasting fix: upgrade {show_path(case)}.", (command,))


def show_path(case: Case) -> str:
    """Return the way to the newest release, ``9.1 -> 10.1 -> 11``, "" on that one."""
    release = case.release
    path = case.catalog.path(release) if release else ()
    steps = [release, *path] if release and path else []
    return " -> ".join(one.label for one in steps)


def needed_host(release: Release) -> str:
    """Return ``invenio-cli 1.0.5 to 1.11``, "" when no page names a version."""
    least, last = release.invenio_cli, release.invenio_cli_to
    if last:
        return (
            f"invenio-cli {least} to {last}" if least else f"invenio-cli up to {last}"
        )
    return f"invenio-cli {least}" if least else ""


_BY_RULE: Mapping[str, Callable[[Facts], Options]] = {
    "command-fails": _fix_commands,
    "python": _fit_python,
    "lock-python": _lock_again,
    "docker-hub": _move_image,
    "other-release": _move_image,
}
_BY_ROW: Mapping[str, Callable[[Facts], Options]] = {
    "same_at_cern": _same_at_cern,
    "own_copy": _own_copy,
    "release_image": _release_image,
    "fitting_image": _fitting_image,
    "unknown_image": _unknown_image,
    "keep_a_copy": _keep_a_copy,
}
