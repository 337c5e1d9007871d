# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Lines that name no image, and commands that fail: today, or on the new image. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..builds import find_breaking, find_failing
from ..builds.failing import Hit
from ..case import Case
from ..model import Finding, Option, Reference, Step, Way
from ..survey import Instance
from ..ways import find_way
from .rule import Rule, about, find_recipe

_ADD_LINES = "Add lines to the Dockerfile (`--verbose` shows them)."
_CHANGE_COMMANDS = "Change the commands that fail; they are listed below."


def _is_template(reference: Reference, instance: Instance) -> bool:
    return instance.project.template or "{{" in reference.text


def find_refused(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each FROM line that Docker refuses, and built Dockerfiles without one."""
    for reference in instance.references:
        if case.asked or not reference.refused or _is_template(reference, instance):
            continue
        message = f"Docker refuses the line {reference.text}: {reference.refused}."
        help_ = "Write the line as Docker reads it."
        if not reference.text:
            image = f" `FROM {case.own_image[0]}`" if case.own_image else " FROM"
            message = "The Dockerfile has no FROM line, and Docker refuses it."
            help_ = f"Begin it with{image}."
        ours = reference.names_organisation or not reference.text
        act = "now" if ours else "no"
        why = "The build does not start."
        yield about(reference, "refused", act, message)._replace(why=why, help=help_)


def find_unresolved(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each reference that depends on a variable without a value."""
    for reference in instance.references:
        ours = reference.names_organisation
        named = reference.image or reference.refused
        if named or not (ours or reference.kind != "yaml"):
            continue
        why = reference.unresolved or "it is not an image reference"
        urgent = ours and not _is_template(reference, instance)
        message = f"Cannot tell which image {reference.text} is: {why}."
        yield about(
            reference, "unresolved", "soon" if urgent else "no", message
        )._replace(
            help="Write the image's name out, or give the variable a value.",
        )


def find_failures(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each command that cannot work on the system of its build."""
    found: dict[object, Finding] = {}
    for build in instance.builds if not case.asked else ():
        for hit in find_failing(build, case.catalog):
            one = _describe(hit, "command-fails", "now" if hit.certain else "no")
            recipe = find_recipe(case, build, rule=hit.rule)
            text = _ADD_LINES if recipe else _CHANGE_COMMANDS
            one = one._replace(
                reference=build.base, recipe=recipe, options=(Option(text),)
            )
            found.setdefault((hit.span.key, hit.rule, hit.excerpt), one)
    yield from found.values()


def find_breaks(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each command that breaks on the way that is proposed."""
    moves = [(one, find_way(one, instance, case)) for one in instance.references]
    yield from find_breaks_on(moves, instance, case)


def find_breaks_on(
    moves: Sequence[tuple[Reference, Way]], instance: Instance, case: Case
) -> Iterator[Finding]:
    """Yield each command that breaks when references go their ways.

    :param moves: the references, each with where it goes.
    """
    found: dict[object, Finding] = {}
    for reference, way in moves:
        base = case.identify(way.image).base if way.image else None
        for build in instance.builds_on(reference):
            for hit in find_breaking(build, base, case.catalog) if base else ():
                act = "plan" if case.asked and hit.certain else "no"
                step = Step("command", hit.excerpt, hit.instead)
                one = _describe(hit, "command-breaks", act)._replace(
                    reference=reference, step=step if case.asked else None
                )
                found.setdefault((hit.span.key, hit.rule, hit.excerpt), one)
    yield from found.values()


def _describe(hit: Hit, rule: str, act: str) -> Finding:
    return Finding(
        *(rule, act, hit.span, f"`{hit.excerpt}`: {hit.message}"),
        help=hit.instead,
        source=hit.source,
        subject=hit.excerpt,
    )


RULES = (
    Rule(
        "refused",
        "FROM line that Docker refuses",
        "now",
        "Docker refuses a FROM line, or a Dockerfile that is built has none.",
        "Write the line as Docker reads it; `{prog} check` says what is wrong.",
        "https://docs.docker.com/reference/dockerfile/#from",
        find_refused,
    ),
    Rule(
        "unresolved",
        "Image name that depends on a variable without a value",
        "soon",
        "The image depends on a variable that has no value in the files, so nobody can tell "
        "which one it is.",
        "Give the variable a default, or write the image's name out.",
        "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
        find_unresolved,
    ),
    Rule(
        "command-fails",
        "Command that fails today",
        "now",
        "A command of the build needs something that is gone: the mirrors of CentOS, or a "
        "package source.",
        "Change the command, or add the lines that `{prog} check --verbose` shows.",
        "https://www.centos.org/centos-linux-eol/",
        find_failures,
    ),
    Rule(
        "command-breaks",
        "Command that fails on the new image",
        "no",
        "The recommended image has another operating system, on which this command fails.",
        "Change the command together with the image; `{prog} check` says to what.",
        "https://www.debian.org/doc/manuals/debian-faq/pkgtools.en.html",
        find_breaks,
    ),
)
