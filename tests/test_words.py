# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Words that nobody would say: not in a text of the program, its sources, or its pages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from invenio_cli_registry.cli import registry

from .conftest import ROOT
from .instances import call, inside

#: What is not written, and what is.
BANNED = {
    r"(lie|lies|lying) on": "is on, is hosted on",
    r"mend(s|ed|ing)?": "fix, patch",
    r"borne": "accepted",
    r"hangs? on": "depends on",
    r"stands? in": "is in",
    r"vouch(es|ed)?": "not confirmed",
    r"nobody's word": "not confirmed",
    r"of one's own": "your own",
    r"(is|are) none of": "is not one of",
    r"anew": "again",
    r"no way(?! back| to)": "not possible",
    r"to the byte": "byte for byte",
    r"(has|have) ended": "end of life, no longer supported",
    r"no promise": "may be removed",
    r"asks for": "requires",
    r"beside": "next to, alongside",
    r"(can|cannot) be had": "is (not) available",
    r"heeded": "used",
    r"for once": "for a single run",
    r"spe(ak|aks|aking) up": "prints, warns",
    r"as ever": "as usual",
}
WORDS = re.compile(rf"\b(?:{'|'.join(BANNED)})\b", re.IGNORECASE)
#: In what is printed, an arrow between versions is ``->``.
ARROW = re.compile(r"\d > \d")
FILES = sorted(
    path
    for pattern in (
        *("*.rst", "*.py", "*.cfg", "docs/**/*.rst", "docs/**/*.py"),
        *("docs/snippets/*", "docs/workflows/*", "docs/_static/*"),
        *(f"invenio_cli_registry/**/*.{ending}" for ending in ("py", "toml", "json")),
    )
    for path in ROOT.glob(pattern)
    if "_build" not in path.parts
)
EXAMPLES = sorted(path for path in ROOT.glob("examples/*/*") if path.is_dir())
CALLS = (
    ("check", "--verbose", "--all"),
    ("check", "--for", "14"),
    ("check", "--format", "json"),
    ("migrate", "--dry-run"),
    ("migrate", "--dry-run", "--to", "debian", "--set-python"),
)


def find(text: str) -> list[str]:
    """Return the banned words of a text, with their lines."""
    flat = re.sub(r"[\s#]+", " ", text)
    return [
        flat[max(0, one.start() - 30) : one.end() + 30] for one in WORDS.finditer(flat)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file(path):
    assert find(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_what_is_printed_about_an_example(example, words, tmp_path):
    with inside(Path(shutil.copytree(example, tmp_path / "copy"))):
        ran = call(*words)
    printed = ran.out + ran.err
    assert find(printed) == []
    assert ARROW.findall(printed) == []


@pytest.mark.parametrize("name", registry.commands)
def test_the_help(name):
    assert find(call(name, "--help").out) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it lies on Docker Hub", True),
        ("a line that is\n# none of these", True),
        ("the pin that the release ASKS FOR", True),
        ("amended, a mendicant", False),
        ("an alias on the line; a standing inquiry", False),
    ],
)
def test_how_it_is_found(text, found):
    assert bool(find(text)) is found
