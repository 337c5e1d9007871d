# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What each reference should become: the rows of the decision table. Pure."""

from __future__ import annotations

from ..catalog import BaseImage
from ..judgement import Judged, Setting, compare_python, on_hub
from ..reference import DOCKER_HUB, Image, parse
from .model import Target

#: Era of a release: which registry and system its images are on. ``none``: not known.
EARLY, ALMA, DEBIAN, NONE = "early", "alma", "debian", "none"
CERN = "registry.cern.ch"
_UNKNOWN_IMAGE = "no counterpart of this image is known"


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
    if judged.status == "impacted":
        return _recommend_for_impacted(judged, setting)
    if judged.status == "unsuitable":
        return _recommend_for_unsuitable(judged, setting)
    return Target()


def same_at_cern(judged: Judged, setting: Setting) -> Target:
    """Return the same image at CERN, with who vouches for it."""
    if judged.upstream is None or not on_hub(judged, setting):
        return Target()
    found = setting.catalog.counterpart(judged.upstream)
    if found is None:
        return Target(why_not=_UNKNOWN_IMAGE)
    image, evidence = found
    base = judged.base
    if evidence.kind == "none":
        why_not = "nobody vouches that CERN's registry has it"
    elif base is not None and base.doubtful:
        why_not = "it may never have existed; verify tells"
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
    if found is None:
        return Target()
    image, base = found
    evidence = base.evidence.get(image.registry)
    where = where_of(image, setting)
    if fits(judged, base, setting):
        return Target(image, evidence, where, same=False, auto=True)
    why_not = f"the pin does not accept the image's Python {base.python}"
    return Target(image, evidence, where, False, False, base.python, why_not)


def same_anyway(judged: Judged, setting: Setting) -> Target:
    """Return the same image at CERN, whoever vouches for it; asked for by name."""
    target = same_at_cern(judged, setting)
    if target.image or judged.upstream is None or not on_hub(judged, setting):
        return target._replace(auto=target.image is not None)
    image = judged.upstream._replace(registry=CERN, digest=None)
    return Target(image, None, where_of(image, setting), auto=True)


def fits(judged: Judged, base: BaseImage, setting: Setting) -> bool:
    """Tell whether every build on this reference gets a Python it accepts from an image."""
    mismatches = (
        compare_python(line, base.python, setting) for line in judged.lineages
    )
    return not any(mismatches)


def fits_pin(judged: Judged, base: BaseImage, setting: Setting) -> bool:
    """Tell the same by the pins alone; what was asked for by name overrides the rest."""
    mismatches = (
        compare_python(line, base.python, setting) for line in judged.lineages
    )
    return not any(mismatch and mismatch.pin for mismatch in mismatches)


def _recommend_for_impacted(judged: Judged, setting: Setting) -> Target:
    if judged.base is None:
        return Target(why_not=_UNKNOWN_IMAGE)
    movable = judged.reference.kind == "from" and judged.image and judged.image.tag
    if movable and era(setting) in (ALMA, DEBIAN):
        return move_to_own(judged, setting)
    if judged.mismatch and movable:
        fitting = _image_for_pin(judged, setting)
        if fitting.image:
            return fitting
    return same_at_cern(judged, setting)


def _recommend_for_unsuitable(judged: Judged, setting: Setting) -> Target:
    """Return a target only where another image is the answer, not another pin."""
    base, release = judged.base, setting.release
    mismatch = judged.mismatch
    if base is None or mismatch is None or mismatch.installed:
        return Target()
    accepted = release.pythons if release else ()
    if era(setting) == DEBIAN:
        return move_to_own(judged, setting)
    if mismatch.pin and (not accepted or base.python in accepted):
        return Target(
            python=base.python,
            why_not="the pin has to change, not the image: add --set-python",
        )
    if era(setting) == ALMA:
        target = move_to_own(judged, setting)
        return target._replace(auto=False)
    return _image_for_pin(judged, setting)


def _image_for_pin(judged: Judged, setting: Setting) -> Target:
    """Return the catalogue's image at CERN that has the Python asked for; never written."""
    for base in setting.catalog.images:
        hub = Image(DOCKER_HUB, base.repository, base.tags[0])
        found = setting.catalog.counterpart(hub)
        if not found or found[1].kind == "none" or base.doubtful:
            continue
        if fits(judged, base, setting):
            why_not = "another Python is another image: change it by hand"
            where = where_of(found[0], setting)
            return Target(*found, where, same=False, why_not=why_not)
    return Target()
