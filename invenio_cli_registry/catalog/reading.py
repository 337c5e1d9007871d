# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Read the catalogue's files into records, and say where one of them is wrong."""

from __future__ import annotations

import datetime
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Mapping, NoReturn, TypeVar

from ..image import parse
from ..terminal import RegistryError
from . import records

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Record = TypeVar("Record")
_PLAIN: Mapping[str, tuple[type, str]] = {
    "str": (str, 'a text in quotes, "3.12"'),
    "int": (int, "a whole number"),
    "bool": (bool, "true or false"),
    "datetime.date": (datetime.date, "a date without quotes, 2026-11-24"),
}
#: What has to be able to read a text of a certain kind.
_READERS: Mapping[str, Callable[[str], object]] = {
    "ImageName": parse,
    "Pattern": re.compile,
}


class CatalogError(RegistryError):
    """The catalogue is wrong; the message names file, record and key."""


@lru_cache(maxsize=None)
def read_file(path: Path) -> dict[str, Any]:
    """Parse one file of a catalogue."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise CatalogError(f"{path}: {error}") from error


def read_records(
    path: Path, table: str, record: Callable[..., Record]
) -> tuple[Record, ...]:
    """Return the records of an array of tables (``[[releases]]``) in a file."""
    rows, place = read_file(path).get(table, []), f"{path}: [[{table}]]"
    if not isinstance(rows, list):
        _refuse(place, "an array of tables", rows)
    return tuple(
        read_record(row, record, f"{place} {_name(row, number)}")
        for number, row in enumerate(rows, 1)
    )


def read_record(row: object, record: Callable[..., Record], place: str) -> Record:
    """Return the record of one table.

    :param place: file and table, for messages.
    :raises CatalogError: for the first key that is unknown, missing or of a wrong type.
    """
    # The annotations of a NamedTuple, as they are written.
    notes: dict[str, Any] = record.__annotations__
    kinds = {key: getattr(note, "__forward_arg__", note) for key, note in notes.items()}
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
            key: _convert(value, kinds[key], f"{place}, {key}")
            for key, value in row.items()
        }
    )


def _convert(value: object, kind: str, place: str) -> Any:  # noqa: ANN401
    """Return a value as the annotation of its field wants it."""
    kind = kind[: -len(" | None")] if kind.endswith(" | None") else kind
    if kind in _READERS:
        try:
            _READERS[kind](str(value))
        except (ValueError, re.error) as error:
            raise CatalogError(f"{place}: {value!r}: {error}") from error
        kind = "str"
    if kind in _PLAIN:
        # Not isinstance: true is an int there, and a time a date.
        plain, said = _PLAIN[kind]
        return value if type(value) is plain else _refuse(place, said, value)
    if kind.startswith("tuple["):
        if not isinstance(value, list):
            _refuse(place, "a list in [ ]", value)
        inner = kind[len("tuple[") : -len(", ...]")]
        return tuple(_convert(one, inner, place) for one in value)
    if kind.startswith("Mapping[str, "):
        if not isinstance(value, dict):
            _refuse(place, "a table", value)
        inner = kind[len("Mapping[str, ") : -1]
        return {
            key: _convert(one, inner, f"{place}.{key}") for key, one in value.items()
        }
    return read_record(value, getattr(records, kind), place)


def _refuse(place: str, said: str, value: object) -> NoReturn:
    raise CatalogError(f"{place}: expected {said}, found {value!r}")


def _name(row: object, number: int) -> str:
    """Return what people know a record by, and its number."""
    keys = ("key", "id", "host", "repository", "name")
    known = [str(row[key]) for key in keys if isinstance(row, dict) and key in row]
    return f"{known[0]} (number {number})" if known else f"number {number}"
