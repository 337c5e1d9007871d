# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The directives ``options`` and ``fields``: what the commands and schemas say themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Iterator, Mapping

import click
from commands import PROG, ROOT
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry.cli import registry

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Schema = Mapping[str, Any]


class OptionsDirective(SphinxDirective):
    """Describe a command of ours as its ``--help`` does."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return its usage, its text and its options."""
        command = registry.commands[self.arguments[0]]
        return self.parse_text_to_nodes("\n".join(_describe(command)))


def _describe(command: click.Command) -> Iterator[str]:
    name = f"{PROG} {command.name}"
    context = click.Context(command, info_name=name)
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".. program:: {name}\n\n::\n\n    {name} {usage}\n"
    yield from _paragraphs(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and isinstance(parameter, click.Option):
            yield f".. option:: {record[0]}\n\n   {escape(record[1])}\n"


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield " ".join(escape(paragraph).split()) + "\n"


def escape(text: str) -> str:
    r"""Return a text as reStructuredText that means nothing else.

    >>> escape("a*b_c")
    'a\\*b\\_c'
    """
    return "".join("\\" + letter if letter in "\\*`_|" else letter for letter in text)


class FieldsDirective(SphinxDirective):
    """List every field of a JSON report, from its schema."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a list of the fields by their paths.

        A field that the schema does not describe fails the build of the documentation.
        """
        path = f"invenio_cli_registry/report/{self.arguments[0]}.schema.json"
        schema = json.loads((ROOT / path).read_text(encoding="utf-8"))
        self.env.note_dependency(str(ROOT / path))
        rows = list(_walk(schema, schema, ""))
        missing = [name for name, _, description in rows if not description]
        if missing:
            raise self.error(f"{path} does not describe {', '.join(missing)}")
        told = [f"``{name}`` : {kind}\n    {text}\n" for name, kind, text in rows]
        return self.parse_text_to_nodes("\n".join(told))


def _walk(schema: Schema, whole: Schema, above: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, type and description of all fields, each before what is in it."""
    for name, field in schema.get("properties", {}).items():
        value = _resolve(field, whole)
        items = _resolve(value.get("items", {}), whole)
        path = f"{above}{name}"
        yield path, _kind(value, items), escape(value.get("description", ""))
        yield from _walk(value, whole, f"{path}.")
        yield from _walk(items, whole, f"{path}[].")


def _resolve(field: Schema, whole: Schema) -> Schema:
    """Return what a field refers to, also as one of two things; its own words win."""
    options = [each for each in field.get("anyOf", ()) if each != {"type": "null"}]
    referred = options[0] if options else field
    if "$ref" in referred:
        target = whole
        for key in referred["$ref"].split("/")[1:]:
            target = target[key]
        referred = {**target, **referred}
    null = {"or null": True} if options else {}
    return {**referred, **field, **null}


def _kind(field: Schema, items: Schema) -> str:
    if "const" in field:
        return f"``{json.dumps(field['const'])}``"
    if "enum" in field:
        return ", ".join(f"``{json.dumps(value)}``" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {_kind(items, {})}s"
    kinds = field.get("type", "")
    kind = " or ".join([kinds] if isinstance(kinds, str) else kinds)
    if "pattern" in field:
        kind = "date"
    return f"{kind} or null" if "or null" in field else kind


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("options", OptionsDirective)
    app.add_directive("fields", FieldsDirective)
    return {"parallel_read_safe": True, "version": "1"}
