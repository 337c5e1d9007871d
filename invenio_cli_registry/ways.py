# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What becomes of an image: the table of the design, as a table. Pure.

``ROWS`` are tried in their order, and the first that applies wins. ``check`` shows the way,
``verify`` asks the registries about it, ``migrate`` writes it; nobody decides again.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

from .builds import Build
from .case import Case, Mismatch
from .catalog import BaseImage, Evidence, Identity
from .image import DOCKER_HUB, Image, apply_mirrors
from .model import Reference, Way
from .survey import Instance

#: Who says that a copy is there: the administrator.
_OWN_COPY = Evidence("named", "you named this copy", "")
STAYS = Way("stays")


class Situation(NamedTuple):
    """One reference, and all that decides what becomes of it."""

    reference: Reference
    identity: Identity
    builds: tuple[Build, ...]  #: those whose base image it is
    case: Case

    @property
    def base(self) -> BaseImage | None:
        """Return the catalogue's record of the image."""
        return self.identity.base

    @property
    def mismatches(self) -> list[tuple[Build, Mismatch]]:
        """Return the builds that do not have the Python they require."""
        found = [(build, self.case.mismatch(build)) for build in self.builds]
        return [(build, mismatch) for build, mismatch in found if mismatch]

    def fits(self, base: BaseImage, *, pins_only: bool = False) -> bool:
        """Tell whether every build gets a Python that it accepts from another image.

        One that the Dockerfile installs stays on the same system, and is left behind on
        another one.

        :param pins_only: what was asked for by name overrides the release.
        """
        for build in self.builds:
            stays = build.python.installed and build.system == base.system
            python = stays and build.python.version
            found = self.case.mismatch(build, python or base.python)
            if found and (found.pin or not pins_only):
                return False
        return True


def find_way(reference: Reference, instance: Instance, case: Case) -> Way:
    """Return what becomes of a reference: the first row of the table that applies."""
    if reference not in case.ways:
        it = _look_at(reference, instance, case)
        way = next(filter(None, (row(it) for row in ROWS)), STAYS) if it else STAYS
        case.ways[reference] = _serve(way, it) if it else STAYS
    return case.ways[reference]


def _look_at(reference: Reference, instance: Instance, case: Case) -> Situation | None:
    """Return the situation of an image of others, None of a local or unknown one."""
    identity = case.identity(reference)
    if identity is None or instance.is_local(reference):
        return None
    return Situation(reference, identity, instance.builds_on(reference), case)


def _serve(way: Way, it: Situation) -> Way:
    """Apply copies, then caches, to where a way leads.

    A copy of what the way leads to belongs to the same plan, or a second run would change
    the file again.
    """
    image, case = way.image or it.identity.image, it.case
    if it.reference.kind == "syntax":
        return way
    if way.row != "own_copy" and (way.image or not it.identity.organisation):
        copied = apply_mirrors(image, case.copies)
        if copied:
            image, way = copied, way._replace(evidence=_OWN_COPY)
    known = case.catalog.registries.get(image.registry)
    where = known.name if known else image.registry
    owner, _, name = image.repository.partition("/")
    library = image.registry == DOCKER_HUB and owner == "library"
    # Docker Hub's library has official images only; another name is somebody's own.
    served = apply_mirrors(image, case.mirrors)
    if served and library and name not in case.catalog.official:
        way = way._replace(why_not=f"{name} is not an official image of Docker Hub")
    else:
        image = served or image
    stays = not way.image and image == it.identity.image
    return way._replace(becomes=None if stays else image, where=where)


# ---- The rows, in their order ---------------------------------------------------------


def unknown_image(it: Situation) -> Way | None:
    """Leave an image of the organisation that the catalogue does not have."""
    known = it.base or it.reference.tag_unknown
    if not it.identity.on_hub or known:
        return None
    why = "the catalogue does not have this image; `--to same` moves it anyway"
    return Way("unknown_image", why_not=why)


def own_copy(it: Situation) -> Way | None:
    """Use the copy that the institution keeps."""
    copied = apply_mirrors(it.identity.upstream, it.case.copies)
    upgrades = it.case.asked and _goes_to_release(it)
    if not copied or not it.identity.on_hub or upgrades:
        return None
    return Way("own_copy", copied, evidence=_OWN_COPY, same=True, writes=True)


def release_image(it: Situation) -> Way | None:
    """Use the image of the release, with the Python that the pin has to become."""
    own = it.case.own_image
    return _move_to(*own, it) if own and _goes_to_release(it) else None


def fitting_image(it: Situation) -> Way | None:
    """Name another image with the required Python that is there, before v11, by hand."""
    if not it.base or not it.mismatches or it.case.own_image:
        return None
    if any(build.python.installed for build, _ in it.mismatches):
        return None
    if not it.identity.on_hub and it.case.accepts(it.base.python):
        return None
    why = "another Python means another image: change it by hand"
    for base in it.case.catalog.images:
        hub = Image(DOCKER_HUB, base.repository, base.tags[0])
        found = it.case.catalog.counterpart(hub)
        is_there = found and found[1].kind != "none" and not base.doubtful
        if found and is_there and it.fits(base):
            return Way("fitting_image", found[0], evidence=found[1], why_not=why)
    return None


def same_at_cern(it: Situation) -> Way | None:
    """Use the same image at CERN, before v11, where something says that it is there."""
    found = it.case.catalog.counterpart(it.identity.upstream)
    if not it.identity.on_hub or not it.base or not found:
        return None
    image, evidence = found
    if evidence.kind == "none" or it.base.doubtful:
        return None
    return Way("same_at_cern", image, evidence=evidence, same=True, writes=True)


def keep_a_copy(it: Situation) -> Way | None:
    """Copy an image that only Docker Hub is known to have."""
    if not it.identity.on_hub:
        return None
    why = "it is not confirmed that CERN's registry has it"
    if it.reference.tag_unknown:
        why = "its tag is unknown; `--to same` moves it anyway"
    elif it.base and it.base.doubtful:
        why = "it may never have existed, on any registry"
    return Way("keep_a_copy", why_not=why)


def image_python(it: Situation) -> Way | None:
    """Keep the image and set the pin to its Python, which the release accepts."""
    pins = [one.pin for build, one in it.mismatches if not build.python.installed]
    pin = next(filter(None, pins), None)
    installed = any(build.python.installed for build, _ in it.mismatches)
    if not it.base or not pin or installed or not it.case.accepts(it.base.python):
        return None
    why = f"change the Python version in {pin.source} instead: add --set-python"
    return Way("image_python", python=it.base.python, why_not=why)


ROWS: tuple[Callable[[Situation], Way | None], ...] = (
    unknown_image,
    own_copy,
    release_image,
    fitting_image,
    same_at_cern,
    keep_a_copy,
    image_python,
)


# ---- What ``--to`` names --------------------------------------------------------------


def go_to_same(reference: Reference, instance: Instance, case: Case) -> Way:
    """Return the same image at CERN, also where nothing says that it is there."""
    it = _look_at(reference, instance, case)
    if it is None or not it.identity.on_hub:
        return find_way(reference, instance, case)
    upstream = it.identity.upstream
    at_cern = upstream._replace(registry=case.catalog.refuge, digest=None)
    image, evidence = case.catalog.counterpart(upstream) or (at_cern, None)
    same = Way("same_at_cern", image, evidence=evidence, same=True, writes=True)
    return _serve(own_copy(it) or same, it)


def go_to_system(
    reference: Reference, instance: Instance, case: Case, image: Image
) -> Way:
    """Return another system's image for a base image of the organisation."""
    it, base = _look_at(reference, instance, case), case.identify(image).base
    if not it or not it.base or not base or reference.kind != "from":
        return find_way(reference, instance, case)
    return _serve(_move_to(image, base, it, pins_only=True) or STAYS, it)


def find_system_image(system: str, case: Case) -> Image | None:
    """Return the image of a system (``almalinux``, ``debian``) that fits the release.

    The release's own comes first, then those of other releases, the newest first.

    :returns: None when the release can have the Python of none of them.
    """
    found = [case.own_image[0]] if case.own_image else []
    found += [one.home for one in case.catalog.images if not one.doubtful]
    for image in found:
        base = case.identify(image).base
        if base and base.system.startswith(system) and case.accepts(base.python):
            return image
    return None


# ---- What the rows share --------------------------------------------------------------


def _goes_to_release(it: Situation) -> bool:
    """Tell whether a build belongs on the image of its release.

    It does from Docker Hub, from an image that was made for another release, and where
    neither its Python nor a new pin fits.
    """
    own, base, case = it.case.own_image, it.base, it.case
    if own is None or base is None or it.reference.kind != "from":
        return False
    if it.identity.safe and not case.asked:
        return False
    if base.family == own[1].family:
        return it.identity.on_hub
    if it.identity.on_hub or is_for_another_release(base, case):
        return True
    lacking = [
        build for build, _ in it.mismatches if case.asked or not build.python.installed
    ]
    return bool(lacking) and not case.accepts(base.python)


def is_for_another_release(base: BaseImage, case: Case) -> bool:
    """Tell whether an image was made for another release than the instance's."""
    release = case.release
    if not base.release or not release or release.flavour != "RDM":
        return False
    return base.release != release.label.partition(".")[0]


def _move_to(
    image: Image, base: BaseImage, it: Situation, *, pins_only: bool = False
) -> Way | None:
    """Return the way to another image, with the pin to set where that is needed."""
    same = it.base is not None and it.base.family == base.family
    if same and not it.identity.on_hub:
        return None
    way = Way("release_image", image, evidence=base.evidence.get(image.registry))
    if it.fits(base, pins_only=pins_only):
        return way._replace(writes=True)
    why = f"the pin does not accept the image's Python {base.python}"
    return way._replace(python=base.python, why_not=why)
