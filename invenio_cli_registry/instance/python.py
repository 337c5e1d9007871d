# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python that an instance requires, as pip, pipenv, uv and poetry write it. Pure.

Poetry's forms: https://python-poetry.org/docs/dependency-specification/
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Iterator, Mapping, NamedTuple, Sequence

from ..files import LOCKS, Unreadable, join
from ..model import Edit, Source, Span
from .manifests import Manifests, parse_toml

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

#: Every minor version that can be meant; the last represents all later ones.
_MINORS = ("2.7", *(f"3.{minor}" for minor in range(41)))
#: Characters. Nobody writes more; a hostile file does not get to keep us busy.
_LONGEST = 200
_NAMES_VERSION = re.compile(r"(?:cpython[@-])?(\d+(?:\.\d+){0,2})(?:rc\d+|[ab]\d+)?")
_ONE_VERSION = re.compile(r"(\^|~=?|={0,2})\s*\d+(?:\.\d+)*(?:\.\*)?")
_VERSION = re.compile(r"\d+(?:\.\d+)*(?:rc\d+|[ab]\d+)?")

_FULL, _MINOR = "python_full_version", "python_version"
_POETRY = ("tool", "poetry", "dependencies", "python")
#: What each package manager reads: the file, the keys, and the form of the value.
_VALUES: Mapping[str, Sequence[tuple[str, tuple[str, ...], str]]] = {
    "pipenv": (
        ("Pipfile", ("requires", _FULL), "version"),  # pipenv looks for it first
        ("Pipfile", ("requires", _MINOR), "version"),
    ),
    "poetry": (
        ("pyproject.toml", _POETRY, "poetry"),
        ("pyproject.toml", (*_POETRY, "version"), "poetry"),
        ("pyproject.toml", ("project", "requires-python"), "specifier"),
    ),
    "uv": (("pyproject.toml", ("project", "requires-python"), "specifier"),),
}
#: The Python in the lock files, which machines write in one form; and the form of it.
_LOCKED = {
    "pipenv": (re.compile(r'"python(?:_full)?_version": *"([^"\n]+)"'), "version"),
    "uv": (re.compile(r'^requires-python = "([^"\n]+)"', re.MULTILINE), "specifier"),
    "poetry": (
        re.compile(
            r'^\[metadata\][ \t\r]*\n(?:(?!\[).*\n)*?python-versions = "([^"\n]+)"',
            re.MULTILINE,
        ),
        "poetry",
    ),
}


@lru_cache(maxsize=None)
def parse_constraint(text: str) -> SpecifierSet | None:
    """Parse a constraint as pip or poetry writes it, None when it is neither.

    Of poetry's forms ``^1.2``, ``~1.2``, ``1.2`` and ranges of them.
    """
    plain = parse_specifiers(text)
    if plain is not None or len(text) > _LONGEST:
        return plain
    parts = [_translate(part.strip()) for part in text.split(",")]
    return parse_specifiers(",".join(parts))


def parse_version(text: str) -> Version | None:
    """Parse one version, None when it is not one."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text) if len(text) <= _LONGEST else None
    except InvalidVersion:
        return None


def parse_specifiers(text: str) -> SpecifierSet | None:
    """Parse a constraint as pip reads it, None when pip does not."""
    from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet

    text = text.strip()
    if len(text) > _LONGEST:
        return None
    try:
        found = SpecifierSet("" if text == "*" else text)
    except InvalidSpecifier:
        return None
    # packaging before 22 takes any word for a specifier.
    return found if all(isinstance(one, Specifier) for one in found) else None


def _translate(part: str) -> str:
    """Return one of poetry's parts as specifiers of PEP 440, as it is when it is none."""
    caret = part.startswith("^")
    version = parse_version(part.lstrip("^~ "))
    if version is None or not (caret or re.match(r"~(?!=)", part)):
        return f"=={part}" if part[:1].isdigit() else part
    release = version.release
    # ``^`` goes to the next of the first number that is not zero, ``~`` of the second one.
    place = min(1, len(release) - 1)
    if caret:
        place = next((at for at, one in enumerate(release) if one), len(release) - 1)
    above = (*release[:place], release[place] + 1)
    return f">={version},<{'.'.join(map(str, above))}"


class Pin(NamedTuple):
    """A Python that a file requires. What cannot be understood accepts every Python."""

    text: str  #: as written: ``3.8``, ``^3.9``, ``>=3.9,<3.10``, ``3.8.12``
    source: str  #: the file's name: ``Pipfile``
    span: Span | None  #: the value inside its quotes, None where nothing can be written
    form: str  #: ``version`` (Pipfile, .python-version), ``specifier``, ``poetry``

    def accepts(self, python: str) -> bool:
        """Tell whether any patch release of a minor version (``3.9``) is allowed."""
        return python in _accepted(self.text, self.form)

    @property
    def minor(self) -> str | None:
        """Return the minor version that is required, None when there are several."""
        accepted = _accepted(self.text, self.form)
        return accepted[0] if len(accepted) == 1 else None

    @property
    def least(self) -> str | None:
        """Return the lowest minor version allowed, None when there is no lower end."""
        accepted = _accepted(self.text, self.form)
        open_below = accepted[0] == _MINORS[0] and len(accepted) > 1
        return None if open_below else accepted[0]


@lru_cache(maxsize=None)
def _accepted(text: str, form: str) -> tuple[str, ...]:
    """Return the minor versions that a pin allows; all when it is not understood."""
    version = _NAMES_VERSION.fullmatch(text.strip())
    if version and form != "specifier":
        parts = version[1].split(".")
        if len(parts) > 1:
            return (".".join(parts[:2]),)
        return tuple(one for one in _MINORS if one.split(".")[0] == parts[0]) or _MINORS
    parsed = parse_constraint(text)
    if parsed is None:
        return _MINORS
    # Patch releases at both ends, and at every number that the constraint names.
    patches = [0, 99, *re.findall(r"\d{1,4}", text)]
    found = (
        minor
        for minor in _MINORS
        if any(parsed.contains(f"{minor}.{one}", prereleases=True) for one in patches)
    )
    return tuple(found) or _MINORS


class Lock(NamedTuple):
    """The lock file of an instance, and the Python that it was made for."""

    name: str  #: ``Pipfile.lock``
    python: Pin | None
    span: Span  #: of that Python, else the beginning of the file


def find_pins(manifests: Manifests, manager: str | None) -> Mapping[str, Pin]:
    """Return what each package manager's own files require."""
    found = {}
    for name in _VALUES:
        pin = next((pin for _, pin in _list_pins(manifests, name)), None)
        # The key of uv alone does not make it an instance of poetry.
        foreign = name == "poetry" and manager != name
        if pin and not (foreign and pin.form == "specifier"):
            found[name] = pin
    if "pipenv" not in found:
        lock = find_lock(manifests, "pipenv")
        stale = manifests.option(".invenio", "cookiecutter", "python_version")
        if lock and lock.python and lock.name == LOCKS["pipenv"]:
            found["pipenv"] = lock.python._replace(span=None)
        # Only pipenv's templates wrote it, and it is often years old.
        elif stale and manager == "pipenv":
            found["pipenv"] = Pin(stale, ".invenio", None, "version")
    return found


def find_lock(manifests: Manifests, manager: str | None) -> Lock | None:
    """Return the lock file, the package manager's own first."""
    for maker, name in sorted(LOCKS.items(), key=lambda one: one[0] != manager):
        source = manifests.sources.get(name)
        if source:
            pattern, form = _LOCKED[maker]
            found = pattern.search(source.text)
            span = Span(source, *found.span(1)) if found else source.span()
            return Lock(name, Pin(found[1], name, span, form) if found else None, span)
    return None


def _list_pins(
    manifests: Manifests, manager: str
) -> Iterator[tuple[tuple[str, ...], Pin]]:
    """Yield the values that a package manager reads, with their keys in TOML."""
    plain = _python_version_file(manifests)
    if manager == "uv" and plain and "pyproject.toml" in manifests.present:
        yield (), plain
    for name, keys, form in _VALUES.get(manager, ()):
        value = manifests.table(name, *keys[:-1]).get(keys[-1])
        if isinstance(value, str) and value.strip():
            span = _find_value(manifests.sources[name], keys, value)
            yield keys, Pin(value, name, span, form)


def _find_value(source: Source, keys: Sequence[str], value: str) -> Span | None:
    """Return where a string is written, inside of its quotes.

    None when it is not in one line with its key, below the table's own header.
    """
    *table, key = (rf"[\"']?{re.escape(name)}[\"']?" for name in keys)
    header = r"[ \t]*\.[ \t]*".join(table)
    found = re.search(
        rf"^[ \t]*\[[ \t]*{header}[ \t]*\].*(?:\n(?![ \t]*\[).*)*?"
        rf"\n[ \t]*{key}[ \t]*=[ \t]*([\"'])({re.escape(value)})\1",
        source.text,
        re.MULTILINE,
    )
    return Span(source, *found.span(2)) if found else None


def _python_version_file(manifests: Manifests) -> Pin | None:
    """Return what the first line that is not a comment requires; pyenv allows names."""
    text = manifests.text(".python-version")
    line = re.search(r"^[ \t]*([^#\s]\S*)", text, re.MULTILINE)
    if not line or not _NAMES_VERSION.fullmatch(line[1]):
        return None
    span = Span(manifests.sources[".python-version"], *line.span(1))
    return Pin(line[1], ".python-version", span, "version")


def plan_pins(
    manifests: Manifests, manager: str | None, python: str
) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """Return the edits after which a package manager's files accept a Python.

    Or no edits, and what has to be changed by hand, with its file.

    A patch release becomes its minor version, because nobody knows which one an image has.
    So ``python_full_version`` becomes ``python_version``.

    :param manager: whose build it is: ``pipenv``, ``uv``, ``poetry``; others have no pin.
    :param python: the minor version: ``3.9``.
    """
    edits: list[Edit] = []
    left: list[str] = []
    for keys, pin in _list_pins(manifests, manager or ""):
        if pin.accepts(python):
            continue
        new = respell_pin(pin, python)
        edit = _edit_pin(pin, keys, new)
        if edit:
            edits.append(edit)
        else:
            advice = f'set {keys[-1]} to "{new}" by hand'
            if keys[-1] == _FULL:
                advice = f'replace {_FULL} by {_MINOR} = "{new}" by hand'
            left.append(f"{join(manifests.folder, pin.source)}: {advice}")
    return (() if left else tuple(edits)), tuple(left)


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


def _edit_pin(pin: Pin, keys: Sequence[str], new: str) -> Edit | None:
    """Return the edit of one value, none unless reading the result finds the new one."""
    if pin.span is None or not keys:
        return Edit(pin.span, new) if pin.span else None
    source, start, end = pin.span
    *table, key = keys
    written = new
    if key == _FULL:
        start = source.text.rindex(_FULL, 0, start)
        behind = source.text[start + len(_FULL) : pin.span.start]
        key, written = _MINOR, _MINOR + behind + new
    try:
        parsed = parse_toml(source.text[:start] + written + source.text[end:])
    except Unreadable:  # two keys of one name: python_version is there as well
        return None
    after = Manifests("", parsed={"": parsed}).table("", *table)
    return Edit(Span(source, start, end), written) if after.get(key) == new else None
