# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Files of instances in, reports out: what holds for every instance and every format."""

from __future__ import annotations

import json
import re

import pytest

from invenio_cli_registry.report import FORMATS, render
from invenio_cli_registry.report.layout import Layout

from ..instances import build, check, configure, printed, rdm
from .records import HOSTILE, HUB
from .test_json import INSTANCES, NINE

ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
WRONG = {**rdm("13.0.3", "3.12"), **build(ALMA)}
#: What is one word, however long: a place with its image, a command, an address.
_WHOLE = re.compile(r"\S+:\d+:\d+  |->  |invenio-cli |docker://|https://|\S+$")


def write(**sites):
    return {
        f"{site.replace('_', '/')}/{name}": text
        for site, files in sites.items()
        for name, text in files.items()
    }


def test_several_instances(tmp_path):
    accepted = configure(NINE, f"accept = {HUB} until 2027-03-01")
    files = write(
        sites_x=WRONG, sites_a=NINE, sites_b=NINE, c=accepted, d=INSTANCES["ok"]
    )
    table, *blocks = printed(tmp_path, files).split("\n\n")[1:]
    acts = [line.split()[0] for line in table.splitlines()]
    assert acts[:3] == ["act", "now", "soon"]
    assert "sites/a, b" in table
    titles = [block.split(":")[0] for block in blocks if block[0] != " "]
    assert titles[:4] == ["sites/x", "sites/a", "sites/b", "c"]
    assert "migrate --verify sites/a\n" in "\n\n".join(blocks)
    summary = printed(tmp_path, {}, "--summary")
    assert summary.startswith(
        "5 instances: 1 act now, 2 act soon, 1 plan, 1 ok. 3 on Docker Hub."
    )
    assert "Act now?" not in summary


@pytest.mark.parametrize(
    "options", [(), ("--all", "--verbose"), ("--for", "14")], ids=str
)
@pytest.mark.parametrize("name", INSTANCES)
def test_the_text_fits_the_screen(tmp_path, name, options):
    text = printed(tmp_path, INSTANCES[name], *options)
    assert "\n\n\n" not in text
    for line in text.splitlines():
        assert line == line.rstrip()
        assert len(line) <= 80 or _WHOLE.match(line.strip()), line


def plant(text):
    """Return the files of an instance with a text wherever one can be."""
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    files = {
        **configure(rdm("9.1.7", "3.8"), f"preflight = {text}"),
        "Dockerfile": f"FROM {HUB} AS {text}\nRUN yum install {text}\n",
        "Dockerfile.el": f"FROM {HUB}\nADD https://x.example/el7/{text}x.rpm /\n",
        "Dockerfile.a": f"FROM inveniosoftware/{text}\n",
        "Dockerfile.b": f"FROM inveniosoftware/${{{text}}}\n",
        "Dockerfile.c": f"ARG A='{text}'\nFROM inveniosoftware/$A\n",
        "compose.yml": f'services:\n  a:\n    image: "inveniosoftware/{quoted}:1"\n',
        "b/compose.yml": f"a: [\n{text}",
    }
    if "/" not in text:
        files[f"{text}/Dockerfile"] = f"FROM {HUB}\n"
    return files


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_in_a_file_gets_further(tmp_path, text):
    report = check(tmp_path, plant(text), ".", f"nope{text.replace('/', '')}")
    assert report.instances[0].findings
    layout = Layout(every=True, verbose=True)
    for name in FORMATS:
        said = render(name, report, layout._replace(root=str(tmp_path)))
        assert {one for one in said if not one.isprintable()} <= {"\n"}, name
        assert "##[" not in said
        if name == "github":
            assert all(line.startswith("::") for line in said.splitlines())
        else:
            assert not re.search(r"^\s*::", said, re.MULTILINE), name
        if name in ("json", "sarif", "gitlab"):
            assert said.isascii()
            json.loads(said)
