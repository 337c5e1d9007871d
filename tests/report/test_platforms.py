# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Findings at their lines: SARIF, annotations of GitHub, Code Quality of GitLab."""

from __future__ import annotations

import datetime
import json
import re
from urllib.parse import unquote_to_bytes, urlsplit

import pytest

from invenio_cli_registry.model import ACTS, Problem
from invenio_cli_registry.report import render
from invenio_cli_registry.report.layout import Layout
from invenio_cli_registry.rules import RULES

from .records import CERN, HOSTILE, HUB, TODAY, checked, finding, report

ROOT = "/repo"


@pytest.fixture(autouse=True)
def _folder(monkeypatch):
    """Let relative paths begin in a folder of a repository; neither exists."""
    monkeypatch.setattr("os.path.realpath", lambda path: f"{ROOT}/site/{path}")


def show(name, *findings, problems=(), **fields):
    one = report(checked(*findings), problems=problems, **fields)
    return render(name, one, Layout(root=ROOT))


def sarif(*findings, **fields):
    text = show("sarif", *findings, **fields)
    assert text.isascii()
    (run,) = json.loads(text)["runs"]
    return run


def gitlab(*findings, **fields):
    return json.loads(show("gitlab", *findings, **fields))


#: ``::name key=value,key=value::message``; what delimits is escaped in a value.
_COMMAND = re.compile(r"::(\w+)(?: ([^:\r\n]*))?::([^\r\n]*)")


def github(*findings, **fields):
    """Read annotations by the documented grammar; fail on what does not follow it."""
    text = show("github", *findings, **fields)
    commands = []
    for line in text.split("\n")[:-1]:
        found = _COMMAND.fullmatch(line)
        assert found, line
        words = dict(word.split("=", 1) for word in found[2].split(","))
        for value in words.values():
            assert set(re.findall("%.{0,2}", value)) <= {f"%{x}" for x in ESCAPES}, line
        commands.append((found[1], words, found[3]))
    return commands


ESCAPES = ("25", "0D", "0A", "3A", "2C")
MOVED = finding(image=HUB, help=f"Use {CERN}.", text=f"# \U0001f600\nFROM {HUB} AS x\n")
ACCEPTED = MOVED._replace(accepted_until=TODAY)
SAID = f"It is on Docker Hub and may be removed. Use {CERN}."


def test_a_sarif_result():
    (result,) = sarif(MOVED)["results"]
    del result["partialFingerprints"]
    region = {"startLine": 2, "endLine": 2, "startColumn": 6, "endColumn": 40}
    place = {"artifactLocation": {"uri": "site/Dockerfile"}, "region": region}
    assert result == {
        "ruleId": "docker-hub",
        "ruleIndex": list(RULES).index("docker-hub"),
        "level": "warning",
        "message": {"text": SAID},
        "locations": [{"physicalLocation": place}],
    }


def test_sarif_explains_every_rule():
    rules = sarif()["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    for rule in rules:
        assert urlsplit(rule["helpUri"]).scheme == "https"
        assert "{prog}" not in json.dumps(rule)
        for name in ("shortDescription", "fullDescription", "help"):
            assert rule[name]["text"].endswith(".")


def test_sarif_has_problems_as_notifications():
    problems = [Problem("Pipfile", 3, "not valid TOML", True), Problem("x", 0, "odd")]
    run = sarif(MOVED, problems=problems)
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    notes = invocation["toolExecutionNotifications"]
    assert [note["message"]["text"] for note in notes] == ["not valid TOML", "odd"]
    assert len(run["results"]) == 1


def test_an_annotation():
    ((name, words, message),) = github(MOVED)
    assert (name, message) == ("warning", SAID)
    assert words == {
        "file": "site/Dockerfile",
        "line": "2",
        "col": "6",
        "endColumn": "40",
        "title": f"invenio-cli-registry%3A {RULES['docker-hub'].title}",
    }


@pytest.mark.parametrize(
    ("counts", "shown", "hidden"),
    [
        ((3, 4, 5), 12, 0),
        ((10, 10, 10), 30, 0),
        ((12, 4, 0), 17, 2),
        ((1, 0, 13), 15, 4),
    ],
    ids=["few", "just all", "errors", "notices"],
)
def test_github_says_how_many_it_hides(counts, shown, hidden):
    found = [
        finding("node", act, f"{act} {number}.", at=HUB[number:])
        for act, count in zip(ACTS, counts)
        for number in range(count)
    ]
    commands = github(*reversed(found))
    said = f"GitHub does not show {hidden} more findings: see the log of this step."
    assert len(commands) == shown
    assert (commands[0][2] == said) is bool(hidden)
    names = [name for name, _, _ in commands[bool(hidden) :]]
    assert names == sorted(names, key=["error", "warning", "notice"].index)


def test_an_issue_of_gitlab():
    (issue,) = gitlab(MOVED)
    assert len(issue.pop("fingerprint")) == 32
    assert issue == {
        "description": SAID,
        "check_name": "invenio-cli-registry/docker-hub",
        "severity": "major",
        "location": {"path": "site/Dockerfile", "lines": {"begin": 2}},
    }


@pytest.mark.parametrize(
    ("act", "levels"),
    [
        ("now", ("error", "error", "critical")),
        ("soon", ("warning", "warning", "major")),
        ("plan", ("note", "notice", "minor")),
        ("no", ("note", "notice", "info")),
    ],
)
def test_levels(act, levels):
    one = MOVED._replace(act=act)
    (result,), (issue,) = sarif(one)["results"], gitlab(one)
    ((name, _, _),) = github(one)
    assert (result["level"], name, issue["severity"]) == levels


@pytest.mark.parametrize("name", ["sarif", "github", "gitlab"])
def test_old_facts_are_said_to_be_old(name):
    day = TODAY - datetime.timedelta(days=181)
    assert "pip install -U" not in show(name, MOVED)
    assert "pip install -U" in show(name, MOVED, catalogue=day)
    assert "pip install -U" in show(name, catalogue=day)


def test_what_is_accepted_is_left_out_and_changes_no_name():
    assert not [*sarif(ACCEPTED)["results"], *github(ACCEPTED), *gitlab(ACCEPTED)]
    second = MOVED._replace(span=MOVED.span.source.span(0, 1))
    (_, kept) = gitlab(second, MOVED)
    assert gitlab(second._replace(accepted_until=TODAY), MOVED) == [kept]


def names(*findings):
    fingerprints = [one["fingerprint"] for one in gitlab(*findings)]
    assert len(set(fingerprints)) == len(fingerprints)
    results = sarif(*findings)["results"]
    assert fingerprints == [
        one["partialFingerprints"]["invenioCliRegistry/v1"] for one in results
    ]
    return fingerprints


def test_names_stay_when_lines_move():
    lines = f"FROM {HUB}\nFROM {HUB}\n"
    pair = [
        finding(image=HUB, text=lines, at=HUB),
        finding("node", image=HUB, text=lines, at=f"{HUB}\n"),
    ]
    moved = [
        one._replace(span=one.span.source.changed("\n\n" + lines).span(7, 8))
        for one in pair
    ]
    assert names(*pair) == names(*moved)
    assert names(finding(image=f"{HUB}.1")) != names(finding(image=HUB))


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b", "site/a%20b"),
        ("a%20b", "site/a%2520b"),
        ("c:/x", "site/c%3A/x"),
        ("a?b#c", "site/a%3Fb%23c"),
        ("\u00fc", "site/%C3%BC"),
        ("a\udcff", "site/a%FF"),
        ("a\n\x1b", "site/a%0A%1B"),
        ("[x](y)", "site/%5Bx%5D%28y%29"),
    ],
)
def test_a_path_as_a_uri(path, uri):
    (result,) = sarif(finding(path=path))["results"]
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == uri
    data = f"site/{path}".encode("utf-8", "surrogateescape")
    assert unquote_to_bytes(urlsplit(found).path) == data


@pytest.mark.parametrize(
    ("path", "uri"),
    [("/", "file:///elsewhere/x"), ("/repo", ".")],
    ids=["outside", "root"],
)
def test_a_path_that_is_not_below_the_root(monkeypatch, path, uri):
    whole = "/elsewhere/x" if path == "/" else path
    monkeypatch.setattr("os.path.realpath", lambda path: whole)
    (result,) = sarif(finding())["results"]
    found = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == uri


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_in_a_file_gets_further(text):
    one = finding(message=text, help=text, path=text, image=text, at="", subject=text)
    problem = Problem(text, 1, text)
    run = sarif(one, problems=[problem])
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    for said in (run["results"][0]["message"]["text"], note["message"]["text"]):
        assert said.isprintable()
        assert "](" not in said
    names = [name for name, _, _ in github(one, problems=[problem])]
    assert names == ["warning", "notice"]
    for issue in gitlab(one, problems=[problem]):
        assert (issue["description"] + issue["location"]["path"]).isprintable()
