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

#: What ``--to`` takes, and how the key of such a system begins.
SYSTEMS = {"almalinux": "almalinux", "debian": "debian"}
#: Who says that a copy is there: the administrator.
_OWN_COPY = Evidence("named", "your settings name this copy", "")
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

        :param pins_only: what was asked for by name overrides the release.
        """
        found = [
            self.case.mismatch(build, _python_on(build, base)) for build in self.builds
        ]
        clashes = [one for one in found if one and (one.pin or not pins_only)]
        return not clashes


def _python_on(build: Build, base: BaseImage) -> str:
    """Return the Python that a build would have on another image.

    One that the Dockerfile installs stays on the same system, and is left behind on
    another one.
    """
    own = build.python.version
    stays = build.python.installed and build.system == base.system
    return own if own and stays else base.python


def find_way(reference: Reference, instance: Instance, case: Case) -> Way:
    """Return what becomes of a reference: the first row of the table that applies."""
    identity = case.identity(reference)
    if identity is None or instance.is_local(reference):
        return STAYS
    builds = instance.builds_on(reference)
    situation = Situation(reference, identity, builds, case)
    for row in ROWS:
        way = row(situation)
        if way:
            return _serve(way, situation)
    return _serve(STAYS, situation)


def _serve(way: Way, it: Situation) -> Way:
    """Apply copies, then caches, to where a way leads, until nothing changes.

    A copy of what the way leads to belongs to the same plan, or a second run would change
    the file again.
    """
    image, case = way.image or it.identity.image, it.case
    if it.reference.kind == "syntax":
        return way
    copied = None
    if way.row != "own_copy" and (way.image or not it.identity.organisation):
        copied = apply_mirrors(image, case.copies)
    if copied:
        image = copied
        way = way._replace(evidence=_OWN_COPY, where=_where(image, case))
    owner, _, name = image.repository.partition("/")
    library = image.registry == DOCKER_HUB and owner == "library"
    # Docker Hub's library has official images only; another name is somebody's own.
    if not library or name in case.catalog.official:
        image = apply_mirrors(image, case.mirrors) or image
    stays = not way.image and image == it.identity.image
    return way._replace(becomes=None if stays else image)


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
    if not copied or not it.identity.on_hub or _goes_to_release(it):
        return None
    return Way(
        "own_copy",
        copied,
        evidence=_OWN_COPY,
        where=_where(copied, it.case),
        same=True,
        writes=True,
    )


def release_image(it: Situation) -> Way | None:
    """Use the image of the release, with the Python that the pin has to become."""
    if not _goes_to_release(it):
        return None
    image, base = it.case.own_image or _no_image()
    return _move_to("release_image", image, base, it)


def fitting_image(it: Situation) -> Way | None:
    """Name another image that has the required Python, before v11, by hand."""
    if not it.base or not it.mismatches or it.case.own_image:
        return None
    if any(build.python.installed for build, _ in it.mismatches):
        return None
    if not it.identity.on_hub and _accepts(it, it.base.python):
        return None
    found = _search(lambda base: it.fits(base), it.case)
    if found is None:
        return None
    image, evidence = found
    why = "another Python means another image: change it by hand"
    return Way(
        "fitting_image",
        image,
        evidence=evidence,
        where=_where(image, it.case),
        why_not=why,
    )


def same_at_cern(it: Situation) -> Way | None:
    """Use the same image at CERN, before v11, where something says that it is there."""
    found = it.case.catalog.counterpart(it.identity.upstream)
    if not it.identity.on_hub or not it.base or not found:
        return None
    image, evidence = found
    if evidence.kind == "none" or it.base.doubtful:
        return None
    return Way(
        "same_at_cern",
        image,
        evidence=evidence,
        where=_where(image, it.case),
        same=True,
        writes=True,
    )


def keep_a_copy(it: Situation) -> Way | None:
    """Copy an image that only Docker Hub is known to have."""
    if not it.identity.on_hub:
        return None
    if it.reference.tag_unknown:
        why = "its tag is unknown; `--to same` moves it anyway"
    elif it.base and it.base.doubtful:
        why = "it may never have existed, on any registry"
    else:
        why = "it is not confirmed that CERN's registry has it"
    return Way("keep_a_copy", why_not=why)


def image_python(it: Situation) -> Way | None:
    """Keep the image and set the pin to its Python, which the release accepts."""
    pins = [(build, one) for build, one in it.mismatches if one.pin]
    if not it.base or not pins or not _accepts(it, it.base.python):
        return None
    if any(build.python.installed for build, _ in pins):
        return None
    why = "change the Python version in the pin instead: add --set-python"
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


# ---- What ``--to`` asks for by name ---------------------------------------------------


def go_to_same(reference: Reference, instance: Instance, case: Case) -> Way:
    """Return the same image at CERN, also where nothing says that it is there."""
    identity = case.identity(reference)
    if identity is None or not identity.on_hub or instance.is_local(reference):
        return find_way(reference, instance, case)
    it = Situation(reference, identity, instance.builds_on(reference), case)
    copied = own_copy(it)
    if copied:
        return _serve(copied, it)
    found = case.catalog.counterpart(identity.upstream)
    image = found[0] if found else _at_cern(identity.upstream, case)
    evidence = found[1] if found else None
    where = _where(image, case)
    way = Way(
        "same_at_cern", image, evidence=evidence, where=where, same=True, writes=True
    )
    return _serve(way, it)


def go_to_system(
    reference: Reference, instance: Instance, case: Case, image: Image
) -> Way:
    """Return another system's image for a base image of the organisation."""
    identity = case.identity(reference)
    base = case.identify(image).base
    if not identity or not identity.base or not base or reference.kind != "from":
        return find_way(reference, instance, case)
    it = Situation(reference, identity, instance.builds_on(reference), case)
    way = _move_to("release_image", image, base, it, pins_only=True)
    return _serve(way or STAYS, it)


def find_system_image(system: str, case: Case) -> Image | None:
    """Return the image of a system (``almalinux``, ``debian``) that fits the release.

    The release's own comes first, then those of other releases, the newest first.

    :returns: None when the release can have the Python of none of them.
    """
    names = [case.own_image[0]] if case.own_image else []
    names += [
        image
        for base in case.catalog.images
        for image in [case.catalog.published(base)]
        if image and not base.doubtful
    ]
    for image in names:
        base = case.identify(image).base
        fits = base and (not case.pythons or base.python in case.pythons)
        if base and fits and base.system.startswith(SYSTEMS[system]):
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
        build
        for build, mismatch in it.mismatches
        if not (build.python.installed and not case.asked)
    ]
    return bool(lacking) and not _accepts(it, base.python)


def is_for_another_release(base: BaseImage, case: Case) -> bool:
    """Tell whether an image was made for another release than the instance's."""
    release = case.release
    return bool(
        base.release
        and release
        and release.flavour == "RDM"
        and base.release != release.label.partition(".")[0]
    )


def _accepts(it: Situation, python: str) -> bool:
    """Tell whether the release can have a Python, as far as its pages say."""
    return not it.case.pythons or python in it.case.pythons


def _move_to(
    row: str, image: Image, base: BaseImage, it: Situation, *, pins_only: bool = False
) -> Way | None:
    """Return the way to another image, with the pin to set where that is needed."""
    fits = it.fits(base, pins_only=pins_only)
    same = it.base is not None and it.base.family == base.family
    if same and not it.identity.on_hub:
        return None
    why = f"the pin does not accept the image's Python {base.python}"
    return Way(
        row,
        image,
        evidence=base.evidence.get(image.registry),
        where=_where(image, it.case),
        writes=fits,
        python=None if fits else base.python,
        why_not="" if fits else why,
    )


def _search(
    accepts: Callable[[BaseImage], bool], case: Case
) -> tuple[Image, Evidence] | None:
    """Return the first image, not on Docker Hub, that something says is there."""
    for base in case.catalog.images:
        hub = Image(DOCKER_HUB, base.repository, base.tags[0])
        found = case.catalog.counterpart(hub)
        if found and found[1].kind != "none" and not base.doubtful and accepts(base):
            return found
    return None


def _where(image: Image, case: Case) -> str:
    """Return what people call an image's registry: ``CERN's registry``."""
    known = case.catalog.registries.get(image.registry)
    return known.name if known else image.registry


def _at_cern(image: Image, case: Case) -> Image:
    return image._replace(registry=case.catalog.refuge, digest=None)


def _no_image() -> tuple[Image, BaseImage]:
    raise AssertionError("a release without an image has no such row")


def find_for_release(case: Case) -> Image | None:
    """Return what a Dockerfile without a FROM line should begin with."""
    if case.release is None:
        return None
    pin = case.project.pins.get(case.project.manager or "")

    def accepts(base: BaseImage) -> bool:
        pinned = pin is None or pin.accepts(base.python)
        return pinned and (not case.pythons or base.python in case.pythons)

    own = case.own_image
    if own and accepts(own[1]):
        return own[0]
    found = _search(accepts, case)
    return found[0] if found else own[0] if own else None
