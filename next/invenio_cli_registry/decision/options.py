# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What to do about each kind of finding, with the commands to type. Pure."""

from __future__ import annotations

from typing import Callable, Mapping, NamedTuple

from ..builds import Build
from ..case import Case
from ..catalog import segments
from ..image import Image
from ..instance import respell_pin
from ..model import Command, Finding, Option, Way
from ..survey import Instance
from ..ways import STAYS, find_system_image

_NEW_LOCK = (
    "Re-locking also updates packages that the release does not pin: review the diff of "
    "the lock file."
)
#: Where an institution's own copy would be, in commands to adapt.
COPY_HOST = "YOUR.REGISTRY"


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


def list_options(finding: Finding, instance: Instance, case: Case) -> Options | None:
    """Return what to do about a finding, None when nothing has to be done."""
    tell = _BY_RULE.get(finding.rule)
    return tell(Facts(finding, instance, case)) if tell else None


# ---- Images ---------------------------------------------------------------------------


def _move_image(it: Facts) -> Options:
    return _BY_ROW.get(it.way.row, _review_image)(it)


def _review_image(it: Facts) -> Options:
    text = f"Review {it.finding.subject}: {it.way.why_not or it.finding.help}"
    return Options(Option(text), _upgrades(it))


def _same_at_cern(it: Facts) -> Options:
    """Answer v1-v10, early ILS and no release: the same image from CERN's registry."""
    stays = (
        " Python and the lock file do not change." if it.instance.project.lock else ""
    )
    text = f"Use the same image from {it.way.where}.{stays}"
    first = Option(text, (it.case.command("migrate", "--verify"),))
    copy = Option(
        "If it is not there, copy it to your own registry:",
        (it.case.command("check", "--verbose", remark="(shows the commands)"),),
        details=_copy_commands(it),
    )
    system = _other_system(it)
    others = (copy, *system.others, *_upgrades(it))
    return Options(first, others, system.impossible)


def _own_copy(it: Facts) -> Options:
    text = f"Use your own copy at {it.way.where}."
    return Options(Option(text, (it.case.command("migrate"),)), _upgrades(it))


def _release_image(it: Facts) -> Options:
    """Answer v11 and later: the release's own image, and its Python."""
    way, image = it.way, it.way.image
    name = _short(image) if image else ""
    if not way.python:
        text = f"Use the release's own image, {name}."
        return Options(Option(text, (it.case.command("migrate"),)), _upgrades(it))
    first = Option(
        f"Use the release's own image, {name}, and its Python {way.python}.",
        _set_python(it, way.python),
        _NEW_LOCK if it.instance.project.lock else "",
    )
    return Options(first, _upgrades(it))


def _fitting_image(it: Facts) -> Options:
    first = Option(
        f"Change the image by hand to {it.way.image}, which has the Python that is required."
    )
    safe: tuple[Option, ...] = ()
    if it.finding.rule == "docker-hub":
        command = it.case.command("migrate", "--to", "same")
        safe = (Option("Or only move the same image to CERN's registry:", (command,)),)
    return Options(first, (*safe, *_upgrades(it)))


def _unknown_image(it: Facts) -> Options:
    name = it.finding.subject
    text = f"Ask the maintainer of {name} for a replacement, or keep your own copy; none is known."
    same = Option(
        "CERN's registry may have it under the same name (unconfirmed):",
        (it.case.command("migrate", "--to", "same", "--verify"),),
    )
    return Options(Option(text), (same, *_upgrades(it)))


def _keep_a_copy(it: Facts) -> Options:
    """Answer an image that only Docker Hub is known to have."""
    reference = it.finding.reference
    same = Option(
        "You can still switch to CERN's name for it, unconfirmed:",
        (it.case.command("migrate", "--to", "same", "--verify"),),
    )
    if reference and reference.tag_unknown:
        text = (
            f"Write out the tag of {it.finding.subject}; what it becomes depends on it."
        )
        return Options(Option(text), (same,))
    text = f"Copy the image to your own registry while Docker Hub has it: {it.way.why_not}."
    system = _other_system(it)
    others = (*system.others, *_upgrades(it), same)
    return Options(Option(text, _copy_commands(it)), others, system.impossible)


_BY_ROW: Mapping[str, Callable[[Facts], Options]] = {
    "same_at_cern": _same_at_cern,
    "own_copy": _own_copy,
    "release_image": _release_image,
    "fitting_image": _fitting_image,
    "unknown_image": _unknown_image,
    "keep_a_copy": _keep_a_copy,
}


def _copy_commands(it: Facts) -> tuple[Command, ...]:
    """Return the two lines that make a copy of an image and move to it."""
    identity = it.case.identity(it.finding.reference) if it.finding.reference else None
    return copy_commands(identity.upstream, it.case) if identity else ()


def copy_commands(image: Image, case: Case) -> tuple[Command, ...]:
    """Return the two lines that make a copy of an image and move to it.

    The registry in them is a placeholder, which ``migrate`` refuses by its name.
    """
    owner, _, repository = image.repository.rpartition("/")
    upstream = f"{image.registry}/{owner}" if owner else image.registry
    home = f"{COPY_HOST}/invenio"
    end = str(image)[len(image.name) :]
    target = f"docker://{home}/{repository}{end}"
    return (
        Command(("skopeo", "copy", "--all", f"docker://{image}", target)),
        case.command("migrate", "--copy", f"{upstream}={home}"),
    )


def _other_system(it: Facts) -> Options:
    """Offer AlmaLinux where the release and the pin allow it, or say why it is not possible.

    The documentation's page names it for every release.
    """
    nothing = Options(Option(""))
    case, release = it.case, it.case.release
    image = find_system_image("almalinux", _without_release(case))
    base = case.identify(image).base if image else None
    reference = it.finding.reference
    if not image or not base or not reference or reference.kind != "from":
        return nothing
    if release and release.own_image:
        return nothing
    name, lead = _short(image), "Not possible as it is: AlmaLinux."
    greatest = release.node_builds_to if release else None
    if release and greatest and base.node and int(base.node) > greatest:
        why = f"{release.label} needs Node {greatest} to build its assets, {name} has Node {base.node}."
        return nothing._replace(impossible=(f"{lead} {why}",))
    pins = {build.pin for build in it.builds if build.pin}
    against = [pin for pin in pins if not pin.accepts(base.python)]
    if against:
        pin = against[0]
        why = f"{pin.source} requires Python {pin.text}, {name} has {base.python}."
        return nothing._replace(impossible=(f"{lead} {why}",))
    if release and release.pythons and base.python not in release.pythons:
        why = (
            f"{release.label} does not support Python {base.python}, which {name} has."
        )
        return nothing._replace(impossible=(f"{lead} {why}",))
    sass = _needs_node_sass(it.instance)
    after = (
        "Its assets need Node 14 (node-sass), the image has a later one."
        if sass
        else ""
    )
    command = case.command("migrate", "--to", "almalinux")
    option = Option(
        f"Or move to AlmaLinux, which has Python {base.python}:", (command,), after
    )
    return nothing._replace(others=(option,))


def _needs_node_sass(instance: Instance) -> bool:
    """Tell whether the lock file has invenio-assets before 1.3, which uses node-sass."""
    found = instance.project.manifests.table(
        "Pipfile.lock", "default", "invenio-assets"
    )
    version = segments(str(found.get("version", "")).lstrip("="))
    return version is not None and version < (1, 3)


def _without_release(case: Case) -> Case:
    return Case(case.catalog, case.today, case.project, None)


def _verify_image(it: Facts) -> Options:
    command = it.case.command("verify")
    text = "Ask the registry whether it has the image:"
    return Options(Option(text, (command,)), _upgrades(it))


# ---- Python, lock, Node ---------------------------------------------------------------


def _fit_python(it: Facts) -> Options:
    """Answer a build whose Python is not the required one."""
    way, build = it.way, it.builds[0] if it.builds else None
    if way.row in ("release_image", "fitting_image") and it.finding.rule == "python":
        return _move_image(it)
    if build and build.python.installed and not way.python:
        return _fix_installed(it, build)
    if not way.python:
        text = (
            "Make the two agree: change the Dockerfile, or what the instance requires."
        )
        return Options(_with_recipe(it, text), _upgrades(it))
    release = it.case.release
    supports = f", which {release.label} supports" if release else ""
    first = Option(
        f"Use the image's Python {way.python}{supports}.",
        _set_python(it, way.python),
        _NEW_LOCK if it.instance.project.lock else "",
    )
    return Options(first, (*_keep_python(it), *_upgrades(it)))


def _fix_installed(it: Facts, build: Build) -> Options:
    """Answer a Dockerfile that installs a Python which is not the required one."""
    base = build.identity.base if build.identity else None
    if base and build.pin and build.pin.accepts(base.python):
        text = (
            f"Remove the lines that install Python {build.python.version}: the image has "
            f"{base.python}, which is required."
        )
        return Options(Option(text), _upgrades(it))
    text = "Make the two agree: change the Dockerfile, or what the instance requires."
    return Options(_with_recipe(it, text), _upgrades(it))


def _with_recipe(it: Facts, text: str) -> Option:
    recipe = it.finding.recipe
    lines = f"Or {recipe.name} (`--verbose` shows the lines)." if recipe else ""
    return Option(text, after=lines)


def _keep_python(it: Facts) -> tuple[Option, ...]:
    pins = [build.pin for build in it.builds if build.pin]
    if not it.finding.recipe or not pins:
        return ()
    text = (
        f"Or keep Python {pins[0].text} and install it in the Dockerfile (`--verbose` "
        "shows the lines)."
    )
    return (Option(text),)


def _set_python(it: Facts, python: str) -> tuple[Command, ...]:
    """Return the command that sets the pin, and the one that makes the lock file again."""
    pins = [build.pin for build in it.builds if build.pin]
    remark = ""
    if pins and pins[0].span:
        pin, span = pins[0], pins[0].span
        remark = f"{span.at_line}  {pin.text} -> {respell_pin(pin, python)}"
    set_pin = it.case.command("migrate", "--set-python", remark=remark)
    return (set_pin, *lock_commands(it.instance, it.case, python))


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


def _lock_again(it: Facts) -> Options:
    pin = it.instance.project.pins["pipenv"]
    python = pin.minor or pin.text
    text = (
        f"Make the lock file again with Python {python}, which {pin.source} requires."
    )
    commands = lock_commands(it.instance, it.case, python)
    return Options(Option(text, commands, _NEW_LOCK))


def _fit_node(it: Facts) -> Options:
    return Options(Option(it.finding.help), _upgrades(it))


# ---- Lines and names ------------------------------------------------------------------


def _change_line(it: Facts) -> Options:
    return Options(Option(it.finding.help))


def _fix_commands(it: Facts) -> Options:
    recipe = it.finding.recipe
    text = "Change the commands that fail; they are listed below."
    if recipe:
        text = f"Add lines to the Dockerfile (`--verbose` shows them): {recipe.name}."
    return Options(Option(text))


# ---- Upgrades -------------------------------------------------------------------------


def _upgrades(it: Facts) -> tuple[Option, ...]:
    """Return the upgrade as the other way, nothing for the newest release."""
    found = upgrade_option(it.case)
    return (found,) if found else ()


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
    """Return the way to the newest release as people write it: ``9.1 -> 10.1 -> 11``."""
    release = case.release
    path = case.catalog.path(release) if release else ()
    return " -> ".join(
        [*([release.label] if release else []), *(one.label for one in path)]
    )


def preview_upgrade(case: Case) -> Option | None:
    """Return how to see what the next upgrade changes."""
    found = upgrade_option(case)
    return found and Option("Preview the upgrade (changes nothing):", found.commands)


def _plan_upgrade(it: Facts) -> Options | None:
    found = preview_upgrade(it.case)
    return Options(found) if found else None


def _short(image: Image) -> str:
    return image.familiar.rpartition("/")[2]


_BY_RULE: Mapping[str, Callable[[Facts], Options | None]] = {
    "refused": _change_line,
    "unresolved": _change_line,
    "command-fails": _fix_commands,
    "python": _fit_python,
    "lock-python": _lock_again,
    "node": _fit_node,
    "docker-hub": _move_image,
    "other-release": _move_image,
    "unconfirmed-image": _verify_image,
    "unknown-image": _change_line,
    "service": _plan_upgrade,
    "end-of-life": _plan_upgrade,
    "pre-release": _change_line,
}
