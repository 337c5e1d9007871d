# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The documentation, built as it is published: its outputs are made by the commands."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from docutils.core import publish_doctree

from invenio_cli_registry.instance import detect
from invenio_cli_registry.rules import RULES

from .conftest import ROOT, clean_environ
from .instances import instance, rdm

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the pages; a warning, a link without a target or another exit code fails."""
    folder = tmp_path_factory.mktemp("docs")
    strict = ["-W", "--keep-going", "-n", "-q", "-d", str(folder / "cache")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *strict, str(DOCS), str(folder / "site")],
        env=clean_environ(),
        capture_output=True,
        encoding="utf-8",
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder / "site"


def test_every_link_inside_leads_to_something(site):
    pages = {path.name: path.read_text("utf-8") for path in site.glob("*.html")}
    for name, text in pages.items():
        for href in re.findall(r'href="([^"]+)"', text):
            target, _, anchor = href.partition("#")
            if "://" in target or target.startswith(("_static", "mailto:")):
                continue
            other = pages.get(target or name)
            assert other is not None, f"{name}: {href}"
            assert not anchor or f'id="{anchor}"' in other, f"{name}: {href}"


def test_an_output_is_in_the_page(site):
    text = re.sub(r"<[^>]+>", "", (site / "tutorial.html").read_text("utf-8"))
    assert "my-site: impacted. Its base image is on Docker Hub" in text


def test_every_rule_has_its_place_in_the_reference():
    text = (DOCS / "rules.rst").read_text("utf-8")
    assert re.findall(r"^\.\. rule:: (\S+)", text, re.MULTILINE) == list(RULES)
    assert re.findall(r"^\.\. _rule-(\S+):", text, re.MULTILINE) == list(RULES)


@pytest.mark.parametrize(
    ("snippet", "name", "counts"),
    [
        pytest.param("registry.ini", ".invenio", (2, 1, 2, 1), id="all"),
        pytest.param("pyproject.toml", "pyproject.toml", (2, 1, 2, 1), id="toml"),
        pytest.param("accept.ini", ".invenio", (0, 0, 1, 0), id="accept"),
        pytest.param("copies.ini", ".invenio", (0, 1, 0, 0), id="copies"),
        pytest.param("machine.toml", "machine.toml", (1, 1, 0, 0), id="machine"),
    ],
)
def test_settings_that_are_shown_are_valid(
    snippet, name, counts, tmp_path, monkeypatch
):
    shown = (DOCS / "snippets" / snippet).read_text("utf-8")
    files = rdm("9.1.7", "3.8")
    if name == "machine.toml":
        monkeypatch.setenv("INVENIO_CLI_REGISTRY_CONFIG", name)
    with instance(tmp_path, {**files, name: files.get(name, "") + shown}) as folder:
        settings = detect(str(folder)).settings
    assert settings.problems == ()
    assert counts == tuple(
        map(len, (settings.mirrors, settings.copies, settings.accept, settings.exclude))
    )


def test_settings_inside_the_text_are_valid(tmp_path):
    block = re.compile(r"code-block:: ini\n\n((?: {4}.*\n|\n)+)")
    for path in DOCS.glob("*.rst"):
        for text in block.findall(path.read_text("utf-8")):
            if "[registry]" in text:
                shown = re.sub("^ {4}", "", text, flags=re.MULTILINE)
                files = rdm("9.1.7", "3.8")
                files[".invenio"] += shown
                with instance(tmp_path, files) as folder:
                    assert detect(str(folder)).settings.problems == (), path.name


@pytest.mark.parametrize("names", ["README CHANGES", "CONTRIBUTING", "SECURITY"])
def test_a_page_of_the_repository_renders_without_warnings(names):
    """As on a package index: with docutils alone, and the changes below the README."""
    texts = [(ROOT / f"{name}.rst").read_text("utf-8") for name in names.split()]
    options = {"report_level": 1, "halt_level": 2, "file_insertion_enabled": False}
    assert publish_doctree("\n".join(texts), settings_overrides=options).children
