# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The status of each reference, with every reason that applies. Pure."""

from __future__ import annotations

import datetime
from typing import Callable, Iterator, Mapping, NamedTuple

from .builds import Lineage, Locals, instructions, named_image, tag_unknown
from .catalog import BaseImage, Catalog, Release
from .mirrors import Mirror
from .project.detection import Project
from .pythons import Mismatch, compare_python, describe_mismatch
from .readers.model import Reference
from .reference import DOCKER_HUB, Image
from .runs.installs import installed_node, package_manager

#: From the most to the least urgent.
ACTS = ("now", "soon", "plan", "no")
#: A date this near is said and counts as "plan".
NEAR = datetime.timedelta(days=180)
ORGANISATION = "inveniosoftware"


class Reason(NamedTuple):
    """Why a reference has its status."""

    status: str
    text: str
    act: str = "no"


class Judged(NamedTuple):
    """One reference with its status."""

    reference: Reference
    image: Image | None  #: as named; the tag is None when only the tag is unknown
    upstream: Image | None  #: what it is behind configured and known caches
    status: str
    reasons: tuple[Reason, ...]
    base: BaseImage | None
    mismatch: Mismatch | None = None
    unknown_host: bool = False  #: a cache or a copy? nobody said
    safe: bool = False  #: in a configured copy
    lineages: tuple[Lineage, ...] = ()
    accepted_until: datetime.date | None = None  #: the day on which it counts again

    @property
    def act(self) -> str:
        """Return the most urgent act of its reasons."""
        return min(
            (reason.act for reason in self.reasons), key=ACTS.index, default="no"
        )


class Setting(NamedTuple):
    """What a reference is judged against."""

    project: Project
    release: Release | None
    catalog: Catalog
    today: datetime.date
    #: By the use of an external base image, the builds that stand on it.
    lineages: Mapping[Reference, tuple[Lineage, ...]] = {}
    locals: Locals = Locals(frozenset(), frozenset(), frozenset())
    missing: frozenset[Reference] = frozenset()  #: uses of local bases not found
    mirrors: tuple[Mirror, ...] = ()
    copies: tuple[Mirror, ...] = ()
    prog: str = "invenio-cli registry"  #: how advised commands begin
    exclude: tuple[str, ...] = ()  #: what they leave out
    what_if: bool = False  #: the release is one that was asked for, not the project's
    since: Release | None = None  #: then, the project's own
    #: Line and column, from 1, of an offset in a file.
    locate: Callable[[str, int], tuple[int, int]] = lambda path, offset: (1, 1)


def judge(reference: Reference, setting: Setting) -> Judged:
    """Return the status of a reference: the first that applies, and all its reasons."""
    image = named_image(reference)
    if image is None:
        return _judge_unresolved(reference)
    if setting.locals.owns(image):
        return _judge_local(reference, image, setting)
    upstream = see_through(image, setting)
    found = None if tag_unknown(reference) else setting.catalog.base_image(upstream)
    base, known = found or (None, True)
    judged = Judged(
        reference,
        image,
        upstream,
        "ok" if base else "other",
        (),
        base,
        unknown_host=not known,
        safe=any(copy.restore(image) for copy in setting.copies),
        lineages=setting.lineages.get(reference, ()),
    )
    judged = judged._replace(mismatch=_worst_mismatch(judged, setting))
    reasons = tuple(_reasons(judged, setting))
    if not reasons:
        return judged
    return judged._replace(
        status=reasons[0].status,
        reasons=reasons,
        accepted_until=_find_accepted(reference, image, setting),
    )


def _find_accepted(
    reference: Reference, image: Image, setting: Setting
) -> datetime.date | None:
    """Return the day until which the configuration bears what is the matter with an image."""
    days = [
        line.until
        for line in setting.project.accept
        if line.until > setting.today and _is_meant(image, line.image)
    ]
    return None if tag_unknown(reference) else max(days, default=None)


def _is_meant(image: Image, named: Image) -> bool:
    """Tell whether a line means an image; without a digest it means the tag, pinned or not."""
    if image.tag and not named.digest:
        image = image._replace(digest=None)
    return str(image) == str(named)


def see_through(image: Image, setting: Setting) -> Image:
    """Return the image that a cache passes through, or of which a copy was made."""
    for mirror in (*setting.copies, *setting.mirrors):
        restored = mirror.restore(image)
        if restored:
            return setting.catalog.hub_name(restored) or restored
    return setting.catalog.hub_name(image) or image


def names_organisation(reference: Reference) -> bool:
    """Tell whether the text, or a value in it, names the organisation."""
    values = (piece.text or "" for piece in reference.pieces)
    return any(ORGANISATION in text for text in (reference.text, *values))


def is_refused(reference: Reference) -> bool:
    """Tell whether Docker refuses the line; a template's braces are not Docker's to read."""
    return bool(reference.refused) and "{{" not in reference.text


def on_hub(judged: Judged, setting: Setting) -> bool:
    """Tell whether it is the organisation's, on Docker Hub, and nobody keeps a copy."""
    upstream = judged.upstream
    return (
        upstream is not None
        and upstream.registry == DOCKER_HUB
        and setting.catalog.organisation(upstream)
        and not judged.safe
    )


def _judge_local(reference: Reference, image: Image, setting: Setting) -> Judged:
    text = "its Dockerfile was not found: what it is built on is not judged"
    reasons = (Reason("local", text),) if reference in setting.missing else ()
    return Judged(reference, image, None, "local", reasons, None)


def _judge_unresolved(reference: Reference) -> Judged:
    act = "soon" if names_organisation(reference) else "no"
    if not reference.text:  # a Dockerfile without any FROM
        act = "now"
    why = reference.refused or reference.unresolved or "it is no image reference"
    reasons = (Reason("unresolved", why, act),)
    return Judged(reference, None, None, "unresolved", reasons, None)


def _reasons(judged: Judged, setting: Setting) -> Iterator[Reason]:
    """Yield the reasons in the order of the statuses."""
    yield from _reasons_of_name(judged, setting)
    if judged.mismatch:
        text = describe_mismatch(judged.mismatch)
        yield Reason("unsuitable", text, judged.mismatch.act)
    if judged.base is None:
        return
    system = setting.catalog.systems[judged.base.os]
    if system.end_of_life <= setting.today:
        ended = f"{system.name} has had no fixes since {system.end_of_life}"
        yield Reason("outdated", ended, "plan")
    yield from _node_reasons(judged, judged.base, setting)


def _reasons_of_name(judged: Judged, setting: Setting) -> Iterator[Reason]:
    reference = judged.reference
    hub = on_hub(judged, setting)
    if hub:
        text = "it lies on Docker Hub, with no promise to stay"
        yield Reason("impacted", text, "soon")
        if tag_unknown(reference):
            yield Reason("impacted", "its tag is unknown")
    if is_refused(reference) and names_organisation(reference):
        status = "impacted" if hub else "unresolved"
        yield Reason(status, f"Docker refuses the line: {reference.refused}", "now")


def _node_reasons(
    judged: Judged, base: BaseImage, setting: Setting
) -> Iterator[Reason]:
    release = setting.release
    if not release or not base.node or not _builds(judged):
        return
    if any(installed_node(instructions(line)) for line in judged.lineages):
        return
    node, least = int(base.node), release.node[0]
    greatest = release.node_builds_to
    if greatest and node > greatest:
        text = (
            f"{release.label} builds its assets with node-sass 4, which ends at "
            f"Node {greatest}; the image has {node}"
        )
        yield Reason("ok", text, "now")
    elif least and node < least:
        asked = f"{release.label} asks for Node {least} or later; the image has {node}"
        yield Reason("ok", asked)


def node_reason(judged: Judged) -> Reason | None:
    """Return why the Node of the image breaks the build, None when it does not."""
    reasons = (one for one in judged.reasons if one.status == "ok" and one.act == "now")
    return next(reasons, None)


def _builds(judged: Judged) -> bool:
    return judged.reference.kind == "from" and bool(judged.lineages)


def _worst_mismatch(judged: Judged, setting: Setting) -> Mismatch | None:
    base, asked = judged.base, setting.project.pins or setting.release
    if base is None or judged.reference.kind != "from" or not asked:
        return None
    found = (
        compare_python(line, base.python, setting.project, setting.release)
        for line in _judged_lines(judged)
    )
    return min(
        (mismatch for mismatch in found if mismatch),
        key=lambda mismatch: ACTS.index(mismatch.act),
        default=None,
    )


def _judged_lines(judged: Judged) -> Iterator[Lineage]:
    """Yield the builds whose Python counts: those that install packages, and last stages.

    The last stage of a base that other Dockerfiles build on is judged through them.
    """
    used = any(line.path != line.root_path for line in judged.lineages)
    for line in judged.lineages:
        own = [
            step
            for path, step in line.steps
            if step.stage == line.stage.number and path == line.path
        ]
        is_base = used and line.path == line.root_path
        if package_manager(own) or (line.last and not is_base):
            yield line
