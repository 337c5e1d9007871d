# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for people: how it is wrapped, what is never cut, what never reaches a terminal."""

import re
import shlex

import pytest

from invenio_cli_registry.catalog import load
from invenio_cli_registry.inspection import Options, inspect
from invenio_cli_registry.readers.source import Problem
from invenio_cli_registry.report.layout import problem_line, tie, wrap
from invenio_cli_registry.report.text import Layout, render_text

from .conftest import ROOT
from .instances import PIPENV, PROG, TODAY, build, instance, rdm, report_instance
from .test_cli import ALMA, EXAMPLES, HUB

NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
#: What is one word, however long: a command, an image or a path with what follows it.
_WHOLE = re.compile(
    r"invenio-cli |skopeo |docker://|--copy |becomes |\S+:\d+:\d+  |(?:Source: )?https://"
)
#: Neither is a line for a Dockerfile cut.
_LINES = {line.strip() for recipe in load().recipes for line in recipe.lines}


def say(folder, files, **layout):
    return render_text(report_instance(folder, files), Layout(**layout))


def say_of(example, monkeypatch, **layout):
    monkeypatch.chdir(ROOT / "examples" / example)
    report = inspect((".",), Options(today=TODAY, prog=PROG))
    return render_text(report, Layout(**layout))


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("example", EXAMPLES)
def test_no_sentence_is_wider_than_the_width(example, width, monkeypatch):
    text = say_of(example, monkeypatch, width=width, every=True, verbose=True)
    wide = [line for line in text.splitlines() if len(line) > width]
    cut = [line.strip() for line in wide if not _WHOLE.match(line.strip())]
    assert set(cut) <= _LINES


@pytest.mark.parametrize("width", [60, 200])
@pytest.mark.parametrize("example", EXAMPLES)
def test_the_width_changes_no_word(example, width, monkeypatch):
    usual = say_of(example, monkeypatch, every=True, verbose=True)
    other = say_of(example, monkeypatch, every=True, verbose=True, width=width)
    assert other.split() == usual.split()


@pytest.mark.parametrize("example", EXAMPLES)
def test_commands_can_be_copied(example, monkeypatch):
    text = say_of(example, monkeypatch, width=60).replace("\\\n", " ")
    lines = [line.strip().split("  ")[0] for line in text.splitlines()]
    for line in lines:
        if line.startswith((f"{PROG} ", "skopeo ")):
            assert shlex.split(line)[-1] not in (PROG, "\\")


@pytest.mark.parametrize("example", EXAMPLES)
def test_blocks_are_apart_by_one_empty_line(example, monkeypatch):
    text = say_of(example, monkeypatch, every=True, verbose=True)
    assert "\n\n\n" not in text
    assert text.endswith("\n")
    assert not [line for line in text.splitlines() if line != line.rstrip()]


LONG = "a folder/" + "with-a-name-that-goes-on-and-on/" * 3 + "my Dockerfile"


@pytest.mark.parametrize("width", [60, 80, 200])
def test_paths_are_never_broken(tmp_path, width):
    base = f"FROM {HUB}\nRUN yum install -y x\n{PIPENV}"
    files = {**rdm("9.1.7", "3.8"), LONG: base, f"{LONG}.b": "FROM my-site-x\n"}
    files[f"{LONG}.two"] = "FROM inveniosoftware/$X\n"
    files[f"{LONG.rpartition('/')[0]}/compose.yml"] = "a: ["
    text = say(tmp_path, files, width=width)
    for place in ("Dockerfile:1:6  inv", "Dockerfile.two:1:6", "Dockerfile:2:5"):
        assert f"{LONG.rpartition(' ')[0]} {place}" in text
    assert f"({LONG}.b:1)" in text
    assert f"{LONG.rpartition('/')[0]}/compose.yml:1" in text


def test_an_image_is_never_broken(tmp_path):
    image = f"registry.example.org:5000/{'a-long-name/' * 9}inveniosoftware/x:1"
    text = say(tmp_path, {**NINE, "k/Dockerfile": f"FROM {image}\n"}, every=True)
    assert f"  k/Dockerfile:1:6  {image}  other\n" in text


def test_the_title_is_never_broken(tmp_path):
    name = (
        "a folder with a name of many words, in which nobody would like to find itself"
    )
    with instance(tmp_path, {f"{name}/{one}": text for one, text in NINE.items()}):
        report = inspect((name,), Options(today=TODAY, prog=PROG))
    text = render_text(report, Layout(width=60))
    assert text.startswith(f"{name}:\n  impacted.")
    assert f"    {PROG} migrate --verify '{name}'\n" in text


@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param("\x1b[31m", id="escape"),
        pytest.param("\x9b31m", id="C1"),
        pytest.param("\x07", id="bell"),
        pytest.param("\r", id="return"),
        pytest.param("\x1f", id="unit separator"),
        pytest.param("\u202e", id="right to left"),
        pytest.param("\u200b", id="nothing to see"),
        pytest.param("\u2028", id="line separator"),
        pytest.param("\udcff", id="no UTF-8"),
    ],
)
def test_nothing_hostile_is_printed(tmp_path, hostile):
    ours = f"x{hostile}y"
    files = {
        **NINE,
        f"{ours}.dockerfile": f"FROM {HUB}\nRUN yum install {ours} && rm {ours}\n",
        "compose.yml": f'services:\n  a:\n    image: "inveniosoftware/{ours}:1"\n',
        "Dockerfile.b": f"FROM inveniosoftware/{ours}\n",
        "Dockerfile.three": f"FROM {HUB} AS {ours}\n",
        "Dockerfile.d": f"FROM inveniosoftware/${{{ours}}}\n",
    }
    encoded = {
        name: text.encode("utf-8", "surrogateescape") for name, text in files.items()
    }
    with instance(tmp_path, {"x": ""}) as folder:
        inner = folder / ours
        inner.mkdir()
        for name, data in encoded.items():
            (inner / name).write_bytes(data)
        paths = (".", f"nope{hostile}")
        report = inspect(paths, Options(today=TODAY, prog=PROG))
    text = render_text(report, Layout(every=True, verbose=True))
    assert hostile not in text
    assert {one for one in text if not one.isprintable()} == {"\n"}
    assert len(report.projects) == 2


def test_colours_mark_the_title_and_the_commands(tmp_path):
    report = report_instance(tmp_path, NINE)
    text = render_text(
        report, Layout(paint=lambda text, colour: f"<{colour}>{text}</>")
    )
    assert text.startswith("<yellow>my-site</>: impacted.")
    assert f"    <bold>{PROG} migrate --verify</>\n" in text
    plain = re.sub(r"<\w+>|</>", "", text)
    assert plain == render_text(report)


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, False), (365, False), (366, True), (1000, True)],
)
def test_facts_that_are_old_are_said_to_be(tmp_path, days, said):
    report = report_instance(tmp_path, NINE)
    today = report.facts_of + (TODAY.resolution * days)
    text = render_text(report._replace(today=today))
    assert ("more than a year old" in " ".join(text.split())) is said


def test_what_asks_for_a_python_is_said_once(tmp_path):
    files = {
        **rdm("13.1.2", "3.12"),
        **build(ALMA),
        "x/Dockerfile": build(ALMA)["Dockerfile"],
    }
    lines = say(tmp_path, files).splitlines()
    assert lines.count("  Pipfile:5:19  asks for 3.12") == 1


def test_an_unknown_host_is_asked_about(tmp_path):
    image = "harbor.example.org/hub/inveniosoftware/centos8-python:3.8"
    text = say(tmp_path, {**rdm("9.1.7", "3.8"), **build(image)})
    assert "harbor.example.org/hub" in text.partition(f"{image}  outdated\n")[2]


# Wrapping


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("a b", ["- a b"], id="short"),
        pytest.param("aaaa bbbb cc", ["- aaaa", "  bbbb cc"], id="long"),
        pytest.param("a" * 12, ["- " + "a" * 12], id="a long word"),
        pytest.param("a-b-c-d-e-f-g", ["- a-b-c-d-e-f-g"], id="hyphens"),
        pytest.param("a `b c d e f` g", ["- a", "  `b c d e f`", "  g"], id="quoted"),
        pytest.param("a `b c d e f g", ["- a `b c d", "  e f g"], id="one backtick"),
        pytest.param(
            f"{tie('b c d e f')}: g", ["- b c d e f:", "  g"], id="tied: a path"
        ),
        pytest.param("a\nb", ["- a\\x0ab"], id="a line feed"),
    ],
)
def test_wrap(text, lines):
    assert wrap(text, 10, "- ", "  ") == lines


def test_a_problem_of_a_whole_file_has_no_line():
    assert wrap(problem_line(Problem("a b", 0, "c")), 80) == ["a b  c"]
    assert wrap(problem_line(Problem("a b", 3, "c")), 80) == ["a b:3  c"]
