# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What kinds of findings there are, and what to do about each, for other programs."""

from __future__ import annotations

from typing import Mapping, NamedTuple

TOOL = "invenio-cli-registry"

_MOVE = "https://inveniordm.docs.cern.ch/releases/migrate-docker-images/"
_UPGRADE = "https://inveniordm.docs.cern.ch/releases/upgrade-policy/"


class Rule(NamedTuple):
    """One kind of finding."""

    title: str
    text: str  #: what it means, whole sentences
    way: str  #: what to do, ``{prog}`` for how we are called
    page: str
    severity: str  #: the usual one


RULES: Mapping[str, Rule] = {
    "unsuitable": Rule(
        "The base image does not fit the instance",
        "The Python or the Node that the image brings is not the one that is asked for.",
        "Run `{prog} check`: it names the image that fits, or the Python to set with "
        "`{prog} migrate --set-python`.",
        _MOVE,
        "critical",
    ),
    "impacted": Rule(
        "The image lies on Docker Hub",
        "Nothing promises that the images of the organisation stay on Docker Hub.",
        "Run `{prog} migrate --verify`: it asks the registries, then changes the line.",
        _MOVE,
        "major",
    ),
    "unresolved": Rule(
        "The image is not known",
        "The image hangs on a value that is not in the files, or Docker refuses the line.",
        "Give the variable a default, or mend the line; then run `{prog} check`.",
        _MOVE,
        "major",
    ),
    "outdated": Rule(
        "The system of the base image has ended",
        "The operating system in the image gets no fixes any more.",
        "Run `{prog} check`: it lists the upgrades that lead to a system with fixes.",
        _MOVE,
        "minor",
    ),
    "failing": Rule(
        "The line fails already",
        "The line asks for packages that are not there any more, on any registry.",
        "Run `{prog} check`: it says what can stand there instead.",
        _MOVE,
        "critical",
    ),
    "breaking": Rule(
        "The line breaks on the new image",
        "The image that is recommended has another system, on which the line fails.",
        "Change the line together with the image; `{prog} check` says to what.",
        _MOVE,
        "minor",
    ),
    "instance": Rule(
        "The files of the instance disagree",
        "The build stops, or makes something else than what is asked for.",
        "Run `{prog} check`: it says which file to change, and how.",
        _MOVE,
        "critical",
    ),
    "ended": Rule(
        "The release gets no fixes any more",
        "The release that the instance runs is not maintained any more.",
        "Plan the upgrade: `{prog} check --verbose` lists its steps and their pages.",
        _UPGRADE,
        "info",
    ),
    "upgrade": Rule(
        "The release asks for another value",
        "The release that was asked for needs another Python, package or service.",
        "Run `{prog} check --for RELEASE`: it lists the changes in their order.",
        _UPGRADE,
        "minor",
    ),
    "problem": Rule(
        "The file was not read, or not understood",
        "What the file says is missing from this report.",
        "Mend the file, or leave it out with `--exclude`; then run `{prog} check`.",
        _MOVE,
        "minor",
    ),
}
