# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Set the Python that an instance asks for, where its files write it. Pure.

Each value keeps its file's own form, a patch release becomes its minor version: nobody
knows which one an image has. So ``python_full_version`` becomes ``python_version``.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, NamedTuple, Sequence

from ..project.manifests import Manifests, Unreadable, parse_toml, table
from ..project.pins import Pin, find_pins
from ..project.places import Place, find_string
from ..readers.source import Source, Span
from .splice import Edit, apply_edits

_FULL, _MINOR = "python_full_version", "python_version"
_PYPROJECT = "pyproject.toml"
_REQUIRES = ("project", "requires-python")
_POETRY = ("tool", "poetry", "dependencies", "python")
#: What each package manager reads: the file, the keys, and the form of the value.
_VALUES: Mapping[str, Sequence[tuple[str, tuple[str, ...], str]]] = {
    "pipenv": (
        ("Pipfile", ("requires", _FULL), "version"),
        ("Pipfile", ("requires", _MINOR), "version"),
    ),
    "uv": ((_PYPROJECT, _REQUIRES, "specifier"),),
    "poetry": (
        (_PYPROJECT, _POETRY, "poetry"),
        (_PYPROJECT, (*_POETRY, "version"), "poetry"),
        (_PYPROJECT, _REQUIRES, "specifier"),
    ),
}
#: One version, with or without an operator: https://python-poetry.org/docs/dependency-specification/
_ONE_VERSION = re.compile(r"(\^|~=?|={0,2})\s*\d+(?:\.\d+)*(?:\.\*)?")
_VERSION = re.compile(r"\d+(?:\.\d+)*(?:rc\d+|[ab]\d+)?")


class PinPlan(NamedTuple):
    """How the Python that is asked for changes: all of it, or by hand."""

    edits: tuple[Edit, ...] = ()
    left: tuple[str, ...] = ()  #: what has to be changed by hand, with its file


def plan_pins(manifests: Manifests, manager: str | None, python: str) -> PinPlan:
    """Return the edits after which a package manager's files accept a Python.

    :param manager: whose build it is: ``pipenv``, ``uv``, ``poetry``; others have no pin.
    :param python: the minor version: ``3.9``.
    """
    edits: list[Edit] = []
    left: list[str] = []
    for name, keys, form in _VALUES.get(manager or "", ()):
        data = manifests.pipfile if name == "Pipfile" else manifests.pyproject
        pin = _find_pin(manifests, data, keys, Pin("", name, None, form))
        if pin is None or pin.accepts(python):
            continue
        edit = _edit_toml(manifests.sources[name], data, keys, pin, python)
        if edit:
            edits.append(edit)
        else:
            left.append(f"{manifests.where(name)}: {_advise(keys, pin, python)}")
    if manager == "uv":
        edits.extend(_edit_python_version(manifests, python))
    return PinPlan((), tuple(left)) if left else PinPlan(tuple(edits))


def _find_pin(
    manifests: Manifests, data: Mapping[str, Any], keys: tuple[str, ...], like: Pin
) -> Pin | None:
    value = table(data, *keys[:-1]).get(keys[-1])
    if not isinstance(value, str) or not value.strip():
        return None
    place = find_string(manifests.sources[like.source], data, keys)
    return like._replace(text=value, place=place)


def _advise(keys: tuple[str, ...], pin: Pin, python: str) -> str:
    if keys[-1] == _FULL:
        return f'put {_MINOR} = "{python}" in place of {_FULL} by hand'
    return f'set {keys[-1]} to "{respell_pin(pin, python)}" by hand'


def respell_pin(pin: Pin, python: str) -> str:
    """Return the pin's new value, in the form that it is written in."""
    if pin.form == "version":
        return _VERSION.sub(python, pin.text, count=1)
    if pin.form == "specifier":
        return f"=={python}.*"
    one = _ONE_VERSION.fullmatch(pin.text.strip())
    if one is None:
        major, minor = python.split(".")
        return f">={python},<{major}.{int(minor) + 1}"
    return f"{one[1]}{python}" if one[1][:1] in ("^", "~") else f"{one[1]}{python}.*"


def _edit_toml(
    source: Source,
    data: Mapping[str, Any],
    keys: tuple[str, ...],
    pin: Pin,
    python: str,
) -> Edit | None:
    """Return the edit of one value, None unless it changes that value and no other."""
    new = respell_pin(pin, python)
    if pin.place is None or not pin._replace(text=new).accepts(python):
        return None
    edit, wanted = _edit_at(source, pin.place, pin.text, new), keys
    if keys[-1] == _FULL:
        edit, wanted = _rename_key(source, edit), (*keys[:-1], _MINOR)
    try:
        after = parse_toml(apply_edits(source, [edit]))
    except Unreadable:  # two keys of one name: python_version stands beside it
        return None
    expected = _put(_put(data, keys, None), wanted, new)
    return edit if after == expected else None


def _edit_at(source: Source, place: Place, old: str, new: str) -> Edit:
    start = source.offset(place.line, place.column)
    return Edit(Span(source.path, start, start + len(old)), old, new)


def _rename_key(source: Source, edit: Edit) -> Edit:
    """Return the edit with the key in front of the value, which becomes the other key."""
    span = edit.span
    # Reading the result again tells when that was another one.
    key = max(source.text.rfind(_FULL, 0, span.start), 0)
    between = source.text[key + len(_FULL) : span.start]
    return Edit(
        span._replace(start=key),
        source.text[key : span.start] + edit.old,
        _MINOR + between + edit.new,
    )


def _put(data: Mapping[str, Any], keys: Sequence[str], value: str | None) -> Any:  # noqa: ANN401
    """Return a copy of parsed data with one value changed, None: taken away."""
    copy = dict(data)
    if len(keys) > 1:
        copy[keys[0]] = _put(copy[keys[0]], keys[1:], value)
    elif value is None:
        del copy[keys[0]]
    else:
        copy[keys[0]] = value
    return copy


def _edit_python_version(manifests: Manifests, python: str) -> Iterator[Edit]:
    plain = find_pins(manifests._replace(pyproject={}), "uv").get("uv")
    if plain and plain.place and not plain.accepts(python):
        source = manifests.sources[plain.source]
        yield _edit_at(source, plain.place, plain.text, respell_pin(plain, python))
