# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""In an upgrade: the package's specifier, and what the pages change in other files. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding, Span, Step
from ..survey import Instance
from .rule import UPGRADE_POLICY, Rule


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield what has to change in the instance's manifests for the release of ``--for``."""
    release = case.release
    if not case.asked or release is None:
        return
    package = instance.project.package
    page = release.upgrade_page or release.page
    if package and package.span:
        new = f"~={release.major}.{release.segments[1]}.0"
        if release.kind == "release candidate":  # Not in the range of the final one.
            new = f"~={release.name}"
        old = package.text or "no version"
        yield _finding(package.span, package.package, old, new, page, case)
    steps = case.catalog.steps(case.own, release) if case.own else (release,)
    for step in steps:
        for change in step.changes:
            span = instance.project.find_setting(change.file, change.what, change.old)
            if span:
                old, new = change.old, change.new or "remove it"
                yield _finding(span, change.what, old, new, change.page, case)


def _finding(
    span: Span, what: str, old: str, new: str, page: str, case: Case
) -> Finding:
    return Finding(
        rule=RULE.id,
        act="plan",
        span=span,
        message=f"{case.label()} requires {what} {new}, the file has {old}.",
        help=f"Change it by hand, as the page says: {page}",
        source=page,
        subject=what,
        step=Step(what, old, new),
    )


RULE = Rule(
    "package",
    "Change for the upgrade",
    "The release that `--for` names needs another version of the package, another extra or "
    "another setting.",
    "plan",
    "Run `{prog} check --for RELEASE`: it lists the changes in their order.",
    UPGRADE_POLICY,
    find,
)
