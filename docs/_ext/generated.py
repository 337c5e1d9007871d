# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Pages made from the package: its rules, facts, fields of the JSON, and imports."""

from __future__ import annotations

import ast
import datetime
import json
import tempfile
import textwrap
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping

from docutils import nodes
from docutils.parsers.rst import directives
from outputs import PROG, ROOT, copy_example, run
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry.catalog import TABLES, load
from invenio_cli_registry.rules import RULES

PACKAGE = ROOT / "invenio_cli_registry"


class Generated(SphinxDirective):
    """A directive that writes reStructuredText; its argument says about what."""

    required_arguments = 1
    has_content = True
    option_spec = dict.fromkeys(
        ("example", "file", "with", "columns", "flavour"), directives.unchanged
    )

    def run(self) -> list[nodes.Node]:
        """Return what the text says."""
        return self.parse_text_to_nodes("\n".join(self.write(self.arguments[0])))

    write: Callable[[str], Iterator[str]]  #: yields its lines


class Rule(Generated):
    """A rule, and its finding in an example; the content replaces a file there."""

    def write(self, name: str) -> Iterator[str]:
        """Yield its title, what it finds, what to do, and the example."""
        rule = RULES[name]
        yield f"**{rule.title}.** {rule.finds}\n"
        yield f":Act now?: ``{rule.act}``, as a rule"
        yield f":What to do: {_escape(rule.help.format(prog=PROG))}"
        yield f":Source: {rule.source}\n"
        file, asked = self.options.get("file"), self.options.get("with", "")
        with tempfile.TemporaryDirectory() as temporary:
            folder = copy_example(self.options["example"], Path(temporary))
            if file:
                text = "\n".join(self.content) + "\n"
                Path(folder, file).write_text(text, encoding="utf-8")
                yield f"Example, in ``{file}``:\n\n.. code-block:: text\n"
                yield textwrap.indent(text, "    ")
            output, _ = run(f"{PROG} check --format json --only {name} {asked}", folder)
        found = json.loads(output)["projects"][0]["findings"]
        if not found:
            raise self.error(f"the example of {name} has no such finding")
        place = f"``{found[0]['path']}:{found[0]['line']}``"
        yield f"It says, at {place}{f' with ``{asked}``' if asked else ''}:\n"
        yield f"    {_escape(found[0]['message'])} {_escape(found[0]['help'])}\n"


class Facts(Generated):
    """The records of one kind in the catalogue, as a table or as lines to copy."""

    def write(self, name: str) -> Iterator[str]:
        """Yield a row for each record, or its name and its lines."""
        (kind,) = (one for one in TABLES if one.__name__ == name)
        records: Any = load().records(kind)
        columns = self.options.get("columns", "").split(", ")
        if columns == [""]:
            for one in records:
                yield f"{one.name}\n\n.. code-block:: docker\n"
                yield textwrap.indent("\n".join(one.lines), "    ") + "\n"
                yield f"Tested: {_say(one.tested) or 'no'}. {_say(one.source)}\n"
            return
        yield ".. list-table::\n   :header-rows: 1\n   :class: facts\n"
        yield from _row([column.replace("_", " ").capitalize() for column in columns])
        for one in records:
            if self.options.get("flavour") in (None, getattr(one, "flavour", None)):
                yield from _row([_say(getattr(one, column)) for column in columns])


def _row(cells: list[str]) -> Iterator[str]:
    for number, cell in enumerate(cells):
        yield f"   {' ' if number else '*'} - {cell}"


def _escape(text: str) -> str:
    """Return a text in which no character is markup, except `code`."""
    return "".join(f"\\{one}" if one in "\\*_|" else one for one in text)


def _say(value: Any) -> str:  # noqa: ANN401 - any value of a record
    """Return a value of the catalogue as reStructuredText; what is unknown is empty."""
    if isinstance(value, datetime.date):
        return f":date:`{value}`"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_say(one)}" for key, one in value.items())
    if hasattr(value, "kind"):  # Evidence
        return f"{_escape(value.text)}, {_say(value.source)}"
    if isinstance(value, tuple):
        return ", ".join(map(_say, value))
    text = "" if value is None else str(value)
    return f"`source <{text}>`__" if text.startswith("https://") else _escape(text)


class Fields(Generated):
    """Every field of a JSON report, from its schema."""

    def write(self, name: str) -> Iterator[str]:
        """Yield each field by its path, with its description."""
        self.schema = json.loads((PACKAGE / f"report/{name}.schema.json").read_bytes())
        yield from self.walk(self.schema, "")

    def walk(self, value: dict[str, Any], above: str) -> Iterator[str]:
        """Yield the fields of an object, or of the objects in a list."""
        referred = [value, *value.get("anyOf", ())]
        names = [one["$ref"].rpartition("/")[2] for one in referred if "$ref" in one]
        for one in (value, *(self.schema["$defs"][name] for name in names)):
            for name, field in one.get("properties", {}).items():
                kind = str(field.get("type", "")).strip("[]").replace("'", "")
                yield f"``{above}{name}`` {f': {kind}' if kind else ''}"
                yield f"    {_escape(field['description'])}\n"
                yield from self.walk(field, f"{above}{name}.")
            if "items" in one:
                yield from self.walk(one["items"], f"{above[:-1]}[].")


class Floors(Generated):
    """The modules and rooms of the package, each above everything that it imports."""

    def write(self, name: str) -> Iterator[str]:
        """Yield them from the top, each with the first paragraph of its docstring."""
        imports: dict[str, set[str]] = {}
        texts: dict[str, str] = {}
        for path in sorted(PACKAGE.rglob("*.py")):
            where = path.relative_to(PACKAGE).parts
            tree = ast.parse(path.read_text(encoding="utf-8"))
            part = where[0].partition(".")[0]
            texts.setdefault(part, (ast.get_docstring(tree) or "").split("\n\n")[0])
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.level == len(where):
                    for one in [node.module] if node.module else node.names:
                        used = getattr(one, "name", one).partition(".")[0]
                        imports.setdefault(part, set()).add(used)
            imports.setdefault(part, set()).discard(part)
        del imports["__init__"]
        while imports:
            below = set().union(*imports.values())
            floor = [part for part in imports if part not in below]
            if not floor:
                raise self.error(f"import each other in a circle: {', '.join(imports)}")
            for part in floor:
                lead = "#." if part == floor[0] else "  "
                yield f"{lead} - ``{part}``: {' '.join(texts[part].split())}"
                del imports[part]
            yield ""


def setup(app: Sphinx) -> None:
    """Register the directives."""
    for directive in (Rule, Facts, Fields, Floors):
        app.add_directive(directive.__name__.lower(), directive)
