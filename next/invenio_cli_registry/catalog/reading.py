# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Read the catalogue's files into records, and say where one of them is wrong."""

from __future__ import annotations

import datetime
import functools
import pkgutil
import sys
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, NoReturn, Tuple, TypeVar

from ..terminal import RegistryError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Record = TypeVar("Record")
#: Returns the bytes of a file of the catalogue, by its name.
Opener = Callable[[str], bytes]

_LARGEST = 1 << 20
_PLAIN: Mapping[str, tuple[type, str]] = {
    "str": (str, 'a text in quotes, "3.12"'),
    "int": (int, "a whole number"),
    "bool": (bool, "true or false"),
    "datetime.date": (datetime.date, "a date without quotes, 2026-11-24"),
}


class CatalogError(RegistryError):
    """The catalogue is wrong; the message names file, record and key."""


def open_packaged(name: str) -> bytes:
    """Return a file of the catalogue that comes with the package."""
    # Not importlib.resources: its spelling changed with nearly every Python.
    return pkgutil.get_data(__package__, name) or b""


def open_other(path: str) -> Opener:
    """Return what opens the files of another catalogue: of a folder, a zip or tar archive.

    :raises CatalogError: when it is none of these, or cannot be read.
    """
    try:
        files = dict(_list_folder(path) if Path(path).is_dir() else _list_archive(path))
    except (OSError, ValueError) as error:
        raise CatalogError(f"{path}: cannot be read as a catalogue: {error}") from error
    return files.__getitem__


def _list_folder(path: str) -> Iterator[Tuple[str, bytes]]:
    for file in Path(path).glob("*.toml"):
        if file.is_file() and file.stat().st_size <= _LARGEST:
            yield file.name, file.read_bytes()


def _list_archive(path: str) -> Iterator[Tuple[str, bytes]]:
    """Yield the TOML files of an archive by name, whichever folder they are in."""
    import tarfile
    import zipfile

    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as zipped:
                for info in zipped.infolist():
                    if info.filename.endswith(".toml") and info.file_size <= _LARGEST:
                        yield Path(info.filename).name, zipped.read(info)
            return
        with tarfile.open(path) as archive:
            for member in archive:
                content = archive.extractfile(member)
                if (
                    content
                    and member.name.endswith(".toml")
                    and member.size <= _LARGEST
                ):
                    yield Path(member.name).name, content.read()
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        EOFError,
        NotImplementedError,
    ) as error:
        raise ValueError("no folder, and no whole zip or tar archive") from error


def read_file(opener: Opener, name: str, place: str = "") -> dict[str, Any]:
    """Parse one file of the catalogue.

    :param place: where the catalogue is, for messages.
    :raises CatalogError: when the file is missing, or is no TOML.
    """
    try:
        return tomllib.loads(opener(name).decode("utf-8"))
    except KeyError as error:
        raise CatalogError(f"{place}{name}: the catalogue lacks this file") from error
    except (ValueError, RecursionError) as error:
        raise CatalogError(f"{place}{name}: {error}") from error


def read_records(
    rows: object, record: Callable[..., Record], place: str
) -> tuple[Record, ...]:
    """Return the records of an array of tables (``[[releases]]``).

    :param record: a NamedTuple class of this package.
    :param place: file and table, for messages.
    :raises CatalogError: for the first key that is unknown, missing or of a wrong type.
    """
    if not isinstance(rows, list):
        raise CatalogError(f"{place}: expected an array of tables")
    return tuple(
        read_record(row, record, f"{place} {_name(row, number)}")
        for number, row in enumerate(rows, 1)
    )


def read_record(row: object, record: Callable[..., Record], place: str) -> Record:
    """Return the record of one table; see :func:`read_records`."""
    kinds = _kinds(record)
    if not isinstance(row, dict):
        _refuse(place, "a table", row)
    for key in row:
        if key not in kinds:
            known = ", ".join(kinds)
            raise CatalogError(f"{place}: unknown key {key!r}; known are {known}")
    for key in kinds:
        if key not in row and key not in record._field_defaults:  # type: ignore[attr-defined]
            raise CatalogError(f"{place}: the key {key!r} is missing")
    return record(
        **{
            key: _convert(value, kinds[key], record, f"{place}, {key}")
            for key, value in row.items()
        }
    )


@functools.lru_cache(maxsize=None)
def _kinds(record: Callable[..., object]) -> dict[str, str]:
    """Return the annotations of a NamedTuple as they are written, by field."""
    notes: dict[str, Any] = record.__annotations__
    return {key: getattr(note, "__forward_arg__", note) for key, note in notes.items()}


def _convert(
    value: object, kind: str, record: Callable[..., object], place: str
) -> Any:  # noqa: ANN401
    """Return a value as the annotation of its field wants it."""
    kind = kind[: -len(" | None")] if kind.endswith(" | None") else kind
    if kind in _PLAIN:
        # Not isinstance: true is an int there, and a time a date.
        plain, said = _PLAIN[kind]
        return value if type(value) is plain else _refuse(place, said, value)
    if kind.startswith("tuple["):
        if not isinstance(value, list):
            _refuse(place, "a list in [ ]", value)
        inner = kind[len("tuple[") : -len(", ...]")]
        return tuple(_convert(one, inner, record, place) for one in value)
    if kind.startswith("Mapping[str, "):
        if not isinstance(value, dict):
            _refuse(place, "a table", value)
        inner = kind[len("Mapping[str, ") : -1]
        return {
            key: _convert(one, inner, record, f"{place}.{key}")
            for key, one in value.items()
        }
    nested = getattr(sys.modules[record.__module__], kind)
    return read_record(value, nested, place)


def _refuse(place: str, said: str, value: object) -> NoReturn:
    raise CatalogError(f"{place}: expected {said}, found {value!r}")


def _name(row: object, number: int) -> str:
    """Return what people know a record by, or its number."""
    if isinstance(row, dict):
        for key in ("key", "id", "host", "target", "repository", "name"):
            if key in row:
                tags = row.get("tags")
                first = f":{tags[0]}" if isinstance(tags, list) and tags else ""
                return f"{row[key]}{first}"
    return f"number {number}"
