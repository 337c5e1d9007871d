# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the package says of itself: options, rules, facts, fields of the JSON, floors."""

from __future__ import annotations

import ast
import datetime
import json
import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Mapping

import click
from docutils import nodes
from docutils.parsers.rst import directives
from outputs import PROG, ROOT, copy_example, run
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry.catalog import TABLES, load
from invenio_cli_registry.cli import registry
from invenio_cli_registry.rules import RULES

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PACKAGE = ROOT / "invenio_cli_registry"


class Generated(SphinxDirective):
    """A directive that writes reStructuredText; its argument says about what."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return what the text says."""
        return self.parse_text_to_nodes("\n".join(self.write(self.arguments[0])))

    def write(self, name: str) -> Iterator[str]:
        """Yield the lines."""
        raise NotImplementedError


def escape(text: str) -> str:
    """Return a text in which no character is markup, except `code`."""
    return "".join(f"\\{one}" if one in "\\*_|" else one for one in text)


class Options(Generated):
    """A command, as its ``--help`` describes it."""

    def write(self, name: str) -> Iterator[str]:
        """Yield its usage, its text and its options."""
        command = registry.commands[name]
        context = click.Context(command, info_name=f"{PROG} {name}")
        usage = " ".join(command.collect_usage_pieces(context))
        yield f".. program:: {PROG} {name}\n\n::\n\n    {PROG} {name} {usage}\n"
        for paragraph in (command.help or "").split("\n\n"):
            yield escape(" ".join(paragraph.split())) + "\n"
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context)
            if record and isinstance(parameter, click.Option):
                yield f".. option:: {record[0]}\n\n   {escape(record[1])}\n"


class Rule(Generated):
    """A rule, with what it says about an example; the content is a file of the example."""

    has_content = True
    option_spec = {  # noqa: RUF012 - the way of docutils
        "example": directives.unchanged_required,
        "file": directives.unchanged,
        "for": directives.unchanged,
    }

    def write(self, name: str) -> Iterator[str]:
        """Yield its title, what it finds, what to do, and its finding in the example."""
        rule = RULES[name]
        yield f"**{rule.title}.** {rule.finds}\n"
        yield f":Act now?: ``{rule.act}``, as a rule"
        yield f":What to do: {escape(rule.help.format(prog=PROG))}"
        yield f":Source: {rule.source}\n"
        file, example = self.options.get("file", ""), "\n".join(self.content)
        if file:
            block = textwrap.indent(example, "    ")
            yield f"Example, in ``{file}``:\n\n.. code-block:: text\n\n{block}\n"
        supposed = self.options.get("for", "")
        command = f"{PROG} check --format json --only {name}"
        with tempfile.TemporaryDirectory() as temporary:
            folder = copy_example(self.options["example"], Path(temporary))
            if file:
                Path(folder, file).write_text(f"{example}\n", encoding="utf-8")
            output, _ = run(f"{command} --for {supposed}" if supposed else command, folder)
        project = json.loads(output)["projects"][0]
        found = [one for one in project["findings"] if one["rule"] == name]
        if not found:
            raise self.error(f"the example of {name} has no such finding")
        lead = f"With ``--for {supposed}``, it" if supposed else "It"
        said = " ".join(filter(None, (found[0]["message"], found[0]["help"])))
        yield f"{lead} says, at ``{found[0]['path']}:{found[0]['line']}``:\n"
        yield textwrap.indent(textwrap.fill(f"{escape(said)}", 90), "    ") + "\n"


class Facts(Generated):
    """The records of one kind in the catalogue, as a table or as lines to copy."""

    option_spec = {  # noqa: RUF012 - the way of docutils
        "columns": directives.unchanged,
        "flavour": directives.unchanged,
    }

    def write(self, name: str) -> Iterator[str]:
        """Yield a row for each record, or its name and its lines."""
        kinds = {kind.__name__: kind for kind in TABLES}
        records: Any = load().records(kinds[name])
        if "columns" not in self.options:
            for one in records:
                lines = "\n".join(f"    {line}" for line in one.lines)
                yield f"{one.name}\n\n.. code-block:: docker\n\n{lines}\n"
                yield f"Tested: {escape(one.tested) or 'no'}. {_say(one.source)}\n"
            return
        columns = [column.strip() for column in self.options["columns"].split(",")]
        heads = [column.replace("_", " ").capitalize() for column in columns]
        yield ".. list-table::\n   :header-rows: 1\n   :class: facts\n"
        yield from _row(heads)
        for one in records:
            if "flavour" not in self.options or one.flavour == self.options["flavour"]:
                yield from _row([_say(getattr(one, column)) for column in columns])


def _row(cells: list[str]) -> Iterator[str]:
    for number, cell in enumerate(cells):
        yield f"   {' ' if number else '*'} - {cell}"


def _say(value: object) -> str:
    """Return a value of the catalogue as reStructuredText; what is unknown is empty."""
    if isinstance(value, datetime.date):
        return f":date:`{value}`"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_say(one)}" for key, one in value.items())
    if hasattr(value, "kind"):
        return f"{escape(value.text)}, {_say(value.source)}"
    if isinstance(value, tuple):
        return ", ".join(_say(one) for one in value if one)
    text = "" if value is None else str(value)
    return f"`source <{text}>`__" if text.startswith("https://") else escape(text)


class Fields(Generated):
    """Every field of a JSON report, from its schema."""

    def write(self, name: str) -> Iterator[str]:
        """Yield each field by its path, with its type and its description."""
        path = PACKAGE / f"report/{name}.schema.json"
        self.schema = json.loads(path.read_text(encoding="utf-8"))
        self.env.note_dependency(str(path))
        yield from self.walk(self.schema, "")

    def walk(self, object_: dict[str, Any], above: str) -> Iterator[str]:
        """Yield the fields of an object, each before what is in it."""
        for name, field in object_.get("properties", {}).items():
            value = self.resolve(field)
            items = self.resolve(value.get("items", {}))
            if not value.get("description"):
                raise self.error(f"{above}{name} has no description")
            kind = value.get("type", "") or json.dumps(value.get("const", ""))
            words = ", ".join(json.dumps(one) for one in value.get("enum", ()))
            kind = words or (kind if isinstance(kind, str) else " or ".join(kind))
            yield f"``{above}{name}`` : {kind}{' or null' if 'anyOf' in field else ''}"
            yield f"    {escape(value['description'])}\n"
            yield from self.walk(value, f"{above}{name}.")
            yield from self.walk(items, f"{above}{name}[].")

    def resolve(self, field: dict[str, Any]) -> dict[str, Any]:
        """Return what a field refers to, also where it may be null; its own words win."""
        options = [one for one in field.get("anyOf", ()) if one != {"type": "null"}]
        target = options[0] if options else field
        if "$ref" in target:
            target = self.schema["$defs"][target["$ref"].rpartition("/")[2]]
        return {**target, **field}


class Floors(Generated):
    """The modules and rooms of the package, each above everything that it imports."""

    def write(self, name: str) -> Iterator[str]:
        """Yield them from the top, each with the first sentence of its docstring."""
        imports: dict[str, set[str]] = {}
        texts: dict[str, str] = {}
        for path in sorted((ROOT / name).rglob("*.py")):
            where = path.relative_to(ROOT / name)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            part = where.parts[0].partition(".")[0]
            if where.stem == "__init__" or len(where.parts) == 1:
                first = (ast.get_docstring(tree) or "").split("\n\n")[0]
                texts[part] = " ".join(first.split())
            used = imports.setdefault(part, set())
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.level == len(where.parts):
                    names = [node.module] if node.module else [one.name for one in node.names]
                    used |= {str(one).partition(".")[0] for one in names} - {part}
        imports.pop("__init__")
        while imports:
            below = set().union(*imports.values())
            floor = [part for part in imports if part not in below]
            if not floor:
                raise self.error(f"import each other in a circle: {', '.join(imports)}")
            for part in floor:
                lead = "  " if part != floor[0] else "#."
                yield f"{lead} - ``{part}``: {texts[part]}"
                del imports[part]
            yield ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    for directive in (Options, Rule, Facts, Fields, Floors):
        app.add_directive(directive.__name__.lower(), directive)
    return {"parallel_read_safe": True, "version": "1"}
