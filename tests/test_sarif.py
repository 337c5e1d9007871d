# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""SARIF: levels, places as URIs, fixes that are what ``migrate`` writes, suppressions."""

import json
import os
import re
import shutil
from urllib.parse import unquote_to_bytes, urlsplit

import pytest

from invenio_cli_registry.inspection import Options, inspect
from invenio_cli_registry.report.findings import (
    SEVERITIES,
    Finding,
    identify,
    list_findings,
)
from invenio_cli_registry.report.model import PlacedEdit
from invenio_cli_registry.report.rules import RULES
from invenio_cli_registry.report.sarif import render_sarif

from .conftest import ROOT
from .instances import PIPENV, PROG, TODAY, build, instance, rdm
from .reports import HOSTILE, NAMES, find, find_hostile, find_in_example
from .test_cli import CERN, EXAMPLES, HUB, run

ONE = Finding("impacted", "major", "Dockerfile", 3, 6, 9, "It lies there.", "y", "x")


def read(findings):
    """Return the run of a log."""
    text = render_sarif(findings, PROG, "1.0.0")
    assert text.isascii()
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def result(finding):
    (only,) = read([finding])["results"]
    return only


def place(one):
    return one["locations"][0]["physicalLocation"]


def test_a_result(tmp_path):
    found = find(tmp_path, {**rdm("9.1.7", "3.8"), **build(HUB)})
    one, ended = read(found)["results"]
    assert one == {
        "ruleId": "impacted",
        "ruleIndex": list(RULES).index("impacted"),
        "level": "warning",
        "message": {
            "text": f"{HUB}: it lies on Docker Hub, with no promise to stay; CentOS 8 has "
            f"had no fixes since 2021-12-31. Becomes {CERN}"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "my-site/Dockerfile"},
                    "region": {"startLine": 1, "startColumn": 6, "endColumn": 40},
                }
            }
        ],
        "partialFingerprints": {"invenioCliRegistry/v1": identify(found)[0]},
        "suppressions": [],
        "fixes": [
            {
                "description": {"text": f"What `{PROG} migrate` writes: {CERN}"},
                "artifactChanges": [
                    {
                        "artifactLocation": {"uri": "my-site/Dockerfile"},
                        "replacements": [
                            {
                                "deletedRegion": {
                                    "startLine": 1,
                                    "startColumn": 6,
                                    "endLine": 1,
                                    "endColumn": 40,
                                },
                                "insertedContent": {"text": CERN},
                            }
                        ],
                    }
                ],
            }
        ],
    }
    assert ended["level"] == "note"
    assert place(ended)["region"] == {"startLine": 1}
    assert "fixes" not in ended


def test_the_run():
    run = read([])
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"] == []
    assert run["tool"]["driver"]["name"] == "invenio-cli-registry"
    assert run["tool"]["driver"]["version"] == "1.0.0"


def test_every_rule_is_described_once_and_links_to_its_page():
    rules = read([])["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    for rule in rules:
        assert rule["helpUri"].startswith("https://inveniordm.docs.cern.ch/releases/")
        for name in ("shortDescription", "fullDescription", "help"):
            assert rule[name]["text"].endswith(".")
        assert f"`{PROG} " in rule["help"]["text"] or rule["id"] == "unresolved"
        assert "{" not in json.dumps(rule["help"])[1:-1]


@pytest.mark.parametrize(
    ("severity", "level"),
    list(zip(SEVERITIES, ("note", "note", "warning", "error"))),
)
def test_the_level_is_by_severity(severity, level):
    assert result(ONE._replace(severity=severity))["level"] == level


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_finding_of_the_examples_is_said(name):
    found = find_in_example(name)
    results = read(found)["results"]
    said = [(one["message"]["text"], one["ruleId"]) for one in results]
    assert said == [(one.message, one.rule) for one in found]
    names = [one["partialFingerprints"]["invenioCliRegistry/v1"] for one in results]
    assert names == identify(found)


# Accepted


def test_what_is_accepted_is_said_and_suppressed():
    borne = ONE._replace(accepted_until="2027-03-01")
    first, second = read([borne, ONE])["results"]
    assert first["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "accepted until 2027-03-01",
        }
    ]
    assert second["suppressions"] == []


# Places


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        pytest.param("a/Dockerfile", "a/Dockerfile", id="plain"),
        pytest.param("a b", "a%20b", id="blank"),
        pytest.param("a%20b", "a%2520b", id="percent"),
        pytest.param("c:/x", "c%3A/x", id="no scheme"),
        pytest.param("a?b#c", "a%3Fb%23c", id="no query"),
        pytest.param("ü", "%C3%BC", id="beyond ASCII"),
        pytest.param("a\udcff", "a%FF", id="no UTF-8"),
        pytest.param("a\n\x1b", "a%0A%1B", id="control"),
        pytest.param("[x](y)", "%5Bx%5D%28y%29", id="brackets"),
        pytest.param("/elsewhere/ü", "file:///elsewhere/%C3%BC", id="outside"),
        pytest.param("//host/x", "file:////host/x", id="no host"),
        pytest.param(".", ".", id="the root"),
    ],
)
def test_a_path_as_a_uri(path, uri):
    found = place(result(ONE._replace(path=path)))["artifactLocation"]["uri"]
    assert found == uri
    parts = urlsplit(found)
    assert parts.scheme in ("", "file")
    assert not parts.netloc
    assert unquote_to_bytes(parts.path) == path.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize(
    ("columns", "region"),
    [
        pytest.param((None, None), {"startLine": 3}, id="a line"),
        pytest.param((6, None), {"startLine": 3, "startColumn": 6}, id="from there on"),
        pytest.param(
            (6, 9), {"startLine": 3, "startColumn": 6, "endColumn": 9}, id="a stretch"
        ),
    ],
)
def test_the_region(columns, region):
    column, end = columns
    one = result(ONE._replace(column=column, end_column=end))
    assert place(one)["region"] == region


# Messages


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[x](https://y)", "[x] (https://y)", id="link"),
        pytest.param("[x](1)", "[x] (1)", id="link to a place"),
        pytest.param("[x]((y)](z)", "[x] ((y)] (z)", id="twice"),
        pytest.param("[::1]:5000/x (y)", "[::1]:5000/x (y)", id="no link"),
    ],
)
def test_no_message_holds_a_link(text, said):
    edit = PlacedEdit("Dockerfile", 3, 6, "x", "y")
    one = result(ONE._replace(sentence=text, becomes=text, edits=(edit,)))
    assert one["message"]["text"] == f"{said} Becomes {said}"
    assert one["fixes"][0]["description"]["text"].endswith(said)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_in_a_file_gets_further(tmp_path, text):
    found = find_hostile(tmp_path, text)
    for one in read(found)["results"]:
        assert one["message"]["text"].isprintable()
        assert "](" not in one["message"]["text"]
        assert re.fullmatch(r"[\w./~%-]+", place(one)["artifactLocation"]["uri"], re.A)


# Fixes


def apply(log, root):
    """Change the files below a root as the fixes of a log say."""
    wanted = {}
    for one in log["results"]:
        for change in (
            change for fix in one.get("fixes", ()) for change in fix["artifactChanges"]
        ):
            path = os.fsdecode(unquote_to_bytes(change["artifactLocation"]["uri"]))
            for replacement in change["replacements"]:
                region = tuple(replacement["deletedRegion"].values())
                new = replacement["insertedContent"]["text"]
                wanted.setdefault(path, {})[region] = new
    for path, replacements in wanted.items():
        target = root / path
        encoding = "utf-8-sig" if target.read_bytes()[:1] == b"\xef" else "utf-8"
        text = target.read_bytes().decode(encoding, "surrogateescape")
        for region, new in sorted(replacements.items(), reverse=True):
            start, end = offsets(text, *region)
            text = text[:start] + new + text[end:]
        target.write_bytes(text.encode(encoding, "surrogateescape"))


def offsets(text, line, column, end_line, end_column):
    lengths = [len(one) + 1 for one in text.split("\n")]
    start = sum(lengths[: line - 1]) + column - 1
    return start, sum(lengths[: end_line - 1]) + end_column - 1


def check_fixes(site, twin, monkeypatch):
    """Hold the fixes against what ``migrate`` writes; return whether anything changed.

    What only goes through a cache from then on is no finding: other files may change.
    """
    monkeypatch.chdir(site)
    report = inspect((".",), Options(today=TODAY, prog=PROG))
    found = list_findings(report, str(site), os.path.abspath)
    apply(read(found), site)
    monkeypatch.chdir(twin)
    paths = sorted({one.path for one in found})
    before = [(twin / path).read_bytes() for path in paths]
    run("migrate", "--yes")
    after = [(twin / path).read_bytes() for path in paths]
    assert [(site / path).read_bytes() for path in paths] == after
    return after != before


CHANGED = {"ils-1.0", "portal", "rdm-10.1", "rdm-14-almalinux", "rdm-9.1"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_fixes_are_what_migrate_writes(name, tmp_path, monkeypatch):
    site, twin = (
        shutil.copytree(ROOT / "examples" / name, tmp_path / one) for one in "ab"
    )
    changed = check_fixes(site, twin, monkeypatch)
    assert changed is (name.split("/")[0] in CHANGED)


NINE = rdm("9.1.7", "3.8")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"FROM {HUB}\n{PIPENV}", id="plain"),
        pytest.param(
            f"# 😀 ü\r\nFROM --platform=$😀 {HUB}\r\n", id="CRLF, code points"
        ),
        pytest.param(f"\ufeffFROM {HUB} AS a\nFROM {HUB}\n", id="byte order mark"),
        pytest.param(f"# \udcff\nFROM {HUB}\n", id="no UTF-8"),
        pytest.param(f"ARG A={HUB}\nFROM $A\nFROM $A\n", id="a shared default"),
        pytest.param(f"ARG V=3.8\nFROM {HUB[:-3]}$V\n", id="a part of it"),
        pytest.param(f"FROM \\\n  {HUB} \\\n  AS x\n", id="continued"),
        pytest.param(f"FROM a\nCOPY --from={HUB} x y\n", id="COPY"),
    ],
)
def test_a_fix_is_at_its_place(text, tmp_path, monkeypatch):
    data = text.encode("utf-8", "surrogateescape")
    for one in "ab":
        with instance(tmp_path / one, NINE) as site:
            (site / "Dockerfile").write_bytes(data)
    assert check_fixes(tmp_path / "a/my-site", tmp_path / "b/my-site", monkeypatch)


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES.keys())
def test_a_fix_finds_its_file_whatever_its_name(text, tmp_path, monkeypatch):
    for one in "ab":
        with instance(tmp_path / one, NINE) as site:
            (site / f"{text}.dockerfile").write_text(f"FROM {HUB}\n")
    assert check_fixes(tmp_path / "a/my-site", tmp_path / "b/my-site", monkeypatch)


@pytest.mark.parametrize(
    ("old", "region"),
    [
        pytest.param("abc", [3, 6, 3, 9], id="a line"),
        pytest.param("", [3, 6, 3, 6], id="nothing"),
        pytest.param("ab\ncde", [3, 6, 4, 4], id="two lines"),
        pytest.param("ab\n\r\n", [3, 6, 5, 1], id="to the end of a line"),
    ],
)
def test_what_is_replaced(old, region):
    one = result(ONE._replace(edits=(PlacedEdit("a", 3, 6, old, "y"),)))
    (change,) = one["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert list(replacement["deletedRegion"].values()) == region


def test_a_fix_of_two_files_and_three_places():
    edits = [("a", 1, 2), ("a", 5, 1), ("b", 1, 1)]
    placed = tuple(PlacedEdit(*edit, "x", "y") for edit in edits)
    (fix,) = result(ONE._replace(edits=placed))["fixes"]
    changes = [
        (change["artifactLocation"]["uri"], len(change["replacements"]))
        for change in fix["artifactChanges"]
    ]
    assert changes == [("a", 2), ("b", 1)]
