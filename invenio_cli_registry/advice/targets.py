# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What each reference should become: the rows of the decision table. Pure."""

from __future__ import annotations

from typing import Callable, Iterator

from ..builds import instructions, tag_unknown
from ..catalog import BaseImage, Evidence
from ..judgement import Judged, Setting, on_hub
from ..mirrors import apply_mirrors
from ..project.detection import Pin
from ..pythons import Mismatch, compare_python
from ..reference import DOCKER_HUB, Image, parse
from ..runs.installs import package_manager
from .model import Target

#: Era of a release: which registry and system its images are on. ``none``: not known.
EARLY, ALMA, DEBIAN, NONE = "early", "alma", "debian", "none"
CERN = "registry.cern.ch"
ALMALINUX = parse("registry.cern.ch/inveniosoftware/almalinux:1")
_UNKNOWN_IMAGE = (
    "no counterpart of this image is known; --to same moves it all the same"
)
_UNKNOWN_TAG = "nobody knows its tag; --to same moves it all the same"
_NEEDS_PIN = "the pin has to change, not the image: add --set-python"
#: Who vouches for a copy: the administrator.
COPY = Evidence("named", None, "the configuration, or --copy, names this copy", "")


def era(setting: Setting) -> str:
    """Return which row of the decision table a project falls into."""
    release = setting.release
    if release is None:
        return NONE
    image = release.image and parse(release.image)
    if not image or image.registry == DOCKER_HUB:
        return EARLY
    return DEBIAN if image.registry == "ghcr.io" else ALMA


def own_image(setting: Setting) -> tuple[Image, BaseImage] | None:
    """Return the release's own base image, None before v11 and for no release."""
    text = setting.release.image if setting.release else None
    if text is None or era(setting) == EARLY:
        return None
    found = setting.catalog.base_image(parse(text))
    return (parse(text), found[0]) if found else None


def recommend_target(judged: Judged, setting: Setting) -> Target:
    """Return what a reference should become, and whether ``migrate`` writes it by itself."""
    if setting.what_if and judged.base and judged.reference.kind == "from":
        target = _move_for_release(judged, setting)
        if target:
            return target
    if judged.status == "impacted":
        return _recommend_for_impacted(judged, setting)
    if judged.status == "unsuitable":
        return _recommend_for_unsuitable(judged, setting)
    return Target()


def is_unknown(judged: Judged) -> bool:
    """Tell whether it is an image of the organisation that the catalogue does not know."""
    hit = judged.status == "impacted" and judged.base is None
    return hit and not tag_unknown(judged.reference)


def _recommend_for_impacted(judged: Judged, setting: Setting) -> Target:
    if is_unknown(judged):
        return Target(why_not=_UNKNOWN_IMAGE)
    copied = judged.upstream and apply_mirrors(judged.upstream, setting.copies)
    if copied:
        return Target(copied, COPY, where_of(copied, setting), auto=True)
    if judged.base is None:
        return Target(why_not=_UNKNOWN_TAG)
    if judged.reference.kind != "from":
        return same_at_cern(judged, setting)
    if era(setting) in (ALMA, DEBIAN):
        return move_to_own(judged, setting)
    if judged.mismatch and not judged.mismatch.installed:
        fitting = find_fitting(judged, setting)
        if fitting.image:
            return fitting
    return same_at_cern(judged, setting)


def _recommend_for_unsuitable(judged: Judged, setting: Setting) -> Target:
    """Return another image, or another pin, whichever the release accepts."""
    mismatch, release = judged.mismatch, setting.release
    if era(setting) == DEBIAN:
        return _leave_for_own(judged, setting)
    if judged.base is None or mismatch is None or mismatch.installed:
        return Target()
    python = judged.base.python
    accepted = bool(release and (not release.pythons or python in release.pythons))
    if mismatch.pin and accepted:
        return Target(python=python, why_not=_NEEDS_PIN)
    if era(setting) == ALMA:
        target = move_to_own(judged, setting)
        why_not = target.why_not or "ask for it by name: --to almalinux"
        return target._replace(auto=False, why_not=why_not)
    fitting = find_fitting(judged, setting)
    if mismatch.pin and not fitting.image:
        return Target(python=python, why_not=_NEEDS_PIN)
    return fitting


def same_at_cern(judged: Judged, setting: Setting) -> Target:
    """Return the same image at CERN, with who vouches for it."""
    if judged.upstream is None or not on_hub(judged, setting):
        return Target()
    found = judged.base and setting.catalog.counterpart(judged.upstream)
    if not found:
        return Target(why_not=_UNKNOWN_IMAGE)
    image, evidence = found
    base = judged.base
    if evidence.kind == "none":
        why_not = "nobody vouches that CERN's registry has it"
    elif base is not None and base.doubtful:
        why_not = "it may never have existed, anywhere"
    else:
        why_not = ""
    where = where_of(image, setting)
    return Target(image, evidence, where, auto=not why_not, why_not=why_not)


def where_of(image: Image, setting: Setting) -> str:
    """Return what people call an image's registry: ``CERN's registry``."""
    known = setting.catalog.registries.get(image.registry)
    return known.name if known else image.registry


def move_to_own(judged: Judged, setting: Setting) -> Target:
    """Return the release's own image, with the Python that the pin has to become."""
    found = own_image(setting)
    fitting = bool(found and fits(judged, found[1], setting))
    return _move_to(judged, *found, fitting, setting) if found else Target()


def _move_for_release(judged: Judged, setting: Setting) -> Target | None:
    """Return the own image of the release that was asked for, None where it has none."""
    found, now = own_image(setting), judged.base
    if found is None or now is None or judged.status == "local":
        return None
    target = _leave_for_own(judged, setting)
    return target._replace(auto=not target.why_not and target.image is not None)


def _leave_for_own(judged: Judged, setting: Setting) -> Target:
    """Return the release's own image.

    On the way to another system the Python that a Dockerfile installs is left behind.
    """
    found, now = own_image(setting), judged.base
    if found is None or now is None or now.os == found[1].os:
        return move_to_own(judged, setting)
    pins = list_pins(judged, setting)
    fitting = all(pin.accepts(found[1].python) for pin in pins)
    return _move_to(judged, *found, fitting, setting)


def move_to_almalinux(judged: Judged, setting: Setting) -> Target:
    """Return AlmaLinux, asked for by name: only the pin stands in its way."""
    found = setting.catalog.base_image(ALMALINUX)
    fitting = bool(found and fits_pin(judged, found[0], setting))
    return (
        _move_to(judged, ALMALINUX, found[0], fitting, setting) if found else Target()
    )


def _move_to(
    judged: Judged, image: Image, base: BaseImage, fitting: bool, setting: Setting
) -> Target:
    """Return another image, or only its Python where the image is like it already."""
    python, why_not, now = None, "", judged.base
    if not fitting:
        python = base.python
        why_not = f"the pin does not accept the image's Python {base.python}"
    alike = now is not None and (now.os, now.python) == (base.os, base.python)
    if alike and not on_hub(judged, setting):
        return Target(python=python, why_not=_NEEDS_PIN if python else "")
    evidence = base.evidence.get(image.registry)
    where = where_of(image, setting)
    return Target(image, evidence, where, False, fitting, python, why_not)


def same_anyway(judged: Judged, setting: Setting) -> Target:
    """Return the same image at CERN, whoever vouches for it; asked for by name."""
    target = same_at_cern(judged, setting)
    if target.image or judged.upstream is None or not on_hub(judged, setting):
        return target._replace(auto=target.image is not None)
    image = judged.upstream._replace(registry=CERN, digest=None)
    return Target(image, None, where_of(image, setting), auto=True)


def fits(judged: Judged, base: BaseImage, setting: Setting) -> bool:
    """Tell whether every build on this reference gets a Python it accepts from an image."""
    return not any(_clashes(judged, base, setting))


def fits_pin(judged: Judged, base: BaseImage, setting: Setting) -> bool:
    """Tell the same by the pins alone; what was asked for by name overrides the rest."""
    return not any(clash.pin for clash in _clashes(judged, base, setting))


def _clashes(judged: Judged, base: BaseImage, setting: Setting) -> Iterator[Mismatch]:
    """Yield what an image's Python fails; one that a build installs is no image's."""
    for mismatch in _mismatches(judged, base, setting):
        if not mismatch.installed:
            yield mismatch


def _mismatches(
    judged: Judged, base: BaseImage, setting: Setting
) -> Iterator[Mismatch]:
    for line in judged.lineages:
        mismatch = compare_python(line, base.python, setting.project, setting.release)
        if mismatch:
            yield mismatch


def list_pins(judged: Judged, setting: Setting) -> list[Pin]:
    """Return the pins that the builds on a reference read."""
    pins, own = setting.project.pins, setting.project.manager or ""
    managers = [package_manager(instructions(line)) or own for line in judged.lineages]
    found = [pins[name] for name in managers if name in pins]
    return list(dict.fromkeys(found))


def find_fitting(judged: Judged, setting: Setting) -> Target:
    """Return the catalogue's image that has the Python asked for; never written."""
    return _search(lambda base: fits(judged, base, setting), setting)


def find_for_release(setting: Setting) -> Image | None:
    """Return what a Dockerfile that says nothing should begin with."""
    if setting.release is None:
        return None
    pythons = setting.release.pythons
    pin = setting.project.pins.get(setting.project.manager or "")
    own = own_image(setting)

    def accepts(base: BaseImage) -> bool:
        asked = pin is None or pin.accepts(base.python)
        return asked and (not pythons or base.python in pythons)

    if own and accepts(own[1]):
        return own[0]
    return _search(accepts, setting).image or (own[0] if own else None)


def _search(accepts: Callable[[BaseImage], bool], setting: Setting) -> Target:
    """Return the first image, not on Docker Hub, that somebody vouches for."""
    for base in setting.catalog.images:
        hub = Image(DOCKER_HUB, base.repository, base.tags[0])
        found = setting.catalog.counterpart(hub)
        if found and found[1].kind != "none" and not base.doubtful and accepts(base):
            why_not = "another Python is another image: change it by hand"
            where = where_of(found[0], setting)
            return Target(*found, where, same=False, why_not=why_not)
    return Target()
