# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What to do about each urgent finding, with the commands to type. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple, Sequence

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
    """What to do: first this, or else that, and what is not possible."""

    first: Option | None = None
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
    def builds(self) -> Sequence[Build]:
        """Return the builds on its reference."""
        reference = self.finding.reference
        return self.instance.builds_on(reference) if reference else ()


def list_options(finding: Finding, instance: Instance, case: Case) -> Options:
    """Return what to do about a finding, besides the upgrade."""
    it = Facts(finding, instance, case)
    if finding.rule == "python":
        return _fit_python(it)
    if finding.rule == "lock-python":
        return _lock_again(it)
    if finding.rule in ("docker-hub", "other-release") and it.way.row != "stays":
        return _move_image(it)
    if finding.rule == "command-fails":
        text = "Change the commands that fail; they are listed below."
        if finding.recipe:
            text = "Add lines to the Dockerfile (`--verbose` shows them)."
        return Options(Option(text))
    return Options(Option(finding.help))


# ---- Images ---------------------------------------------------------------------------


def _move_image(it: Facts) -> Options:
    """Answer an image by its row of the table in ``ways.py``."""
    way, case, reference = it.way, it.case, it.finding.reference
    name, to_same = it.finding.subject, ("migrate", "--to", "same")
    text = "CERN's registry may have it under the same name (unconfirmed):"
    same = Option(text, (case.command(*to_same, "--verify"),))
    if way.row == "same_at_cern":
        return _use_same(it)
    if way.row == "own_copy":
        return Options(_migrate(it, f"Use your own copy at {way.where}."))
    if way.row == "release_image":
        text = f"Use the release's own image, {_short(way.image)}"
        return Options(
            _migrate(it, f"{text}.", f"{text}, and its Python {way.python}.")
        )
    if way.row == "fitting_image":
        text = (
            f"Change {reference.text if reference else name} by hand to {way.image}, "
        )
        safe = Option("Or only move the same image to CERN's registry:")
        safe = safe._replace(commands=(case.command(*to_same),))
        others = (safe,) if it.finding.rule == "docker-hub" else ()
        return Options(Option(f"{text}which has the Python that is required."), others)
    if way.row == "unknown_image":
        text = f"No replacement for {name} is known: ask its maintainer for one"
        return Options(Option(f"{text}, or keep a copy in your own registry."), (same,))
    if reference and reference.tag_unknown:
        text = f"Write out the tag of {name}; what it becomes depends on it."
        return Options(Option(text), (same,))
    text = (
        f"Copy the image to your own registry while Docker Hub has it: {way.why_not}."
    )
    system = move_to_system(it)
    first = Option(text, _copy_commands(it))
    return Options(first, (*system.others, same), system.impossible)


def _use_same(it: Facts) -> Options:
    """Answer v1-v10, early ILS and no release: the same image from CERN's registry."""
    lock = it.instance.project.lock
    stays = " Python and the lock file do not change." if lock else ""
    text = f"Use the same image from {it.way.where}.{stays}"
    first = Option(text, (it.case.command("migrate", "--verify"),))
    copy = Option(
        f"If {it.way.where} does not have it, copy it to your own registry:",
        (it.case.command("check", "--verbose", remark="shows the commands"),),
        details=_copy_commands(it),
    )
    system = move_to_system(it)
    return Options(first, (copy, *system.others), system.impossible)


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
        return Options()
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
        return Options(impossible=(f"{lead} {why}",))
    after = ""
    if _needs_node_sass(it.instance):
        after = "Its assets need Node 14 (node-sass), the image has a later one."
    text = f"Or move to {SYSTEM_NAMES[system]}, which has Python {python}:"
    option = Option(text, (case.command("migrate", "--to", system),), after)
    return Options(others=(option,))


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
        keep = Option(
            f"Or keep Python {pin.text if pin else ''} and install it in the Dockerfile "
            "(`--verbose` shows the lines)."
        )
        text = f"Use the image's Python {way.python}{supports}."
        return Options(_migrate(it, text, text), (keep,) if recipe else ())
    base = build.identity.base if build and build.identity else None
    if build and build.python.installed and base and pin and pin.accepts(base.python):
        text = (
            f"Remove the lines that install Python {build.python.version}: the image has "
            f"{base.python}, which is required."
        )
        return Options(Option(text))
    lines = "`--verbose` shows lines for the Dockerfile." if recipe else ""
    return Options(Option(_AGREE, after=lines))


def _migrate(it: Facts, text: str, with_python: str = "") -> Option:
    """Return ``migrate``, with the pin to set and the lock file to make again, if any."""
    python = it.way.python
    if not python:
        return Option(text, (it.case.command("migrate"),))
    pins = [build.pin for build in it.builds if build.pin and build.pin.span]
    remark = ""
    for pin in pins[:1]:
        place = pin.span.at_line if pin.span else ""
        remark = f"{place}  {pin.text} -> {respell_pin(pin, python)}"
    command = it.case.command("migrate", "--set-python", remark=remark)
    lock = lock_commands(it.instance, it.case, python)
    return Option(with_python, (command, *lock), _NEW_LOCK if lock else "")


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
