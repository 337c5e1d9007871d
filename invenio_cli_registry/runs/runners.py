# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Under which Python a build installs its packages, as far as its text tells. Pure.

Known is what names its Python: ``pip3.12 install``, ``python3.12 -m pipenv``, a tool that
was itself installed so, a virtual environment of a Python that is named, ``uv --python``.
What is found on the search path alone tells nothing once another Python is there.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple

from ..readers.model import Instruction
from .installs import called_manager, installed_pythons, installs_unknown_python
from .script import Command, split_commands

#: python3.12, pip3.12, /usr/bin/python3.12
_NAMED = re.compile(r"(?:.*/)?(?:python|pip)3\.(\d{1,2})")
_PLAIN = re.compile(r"(?:.*/)?(?:python|pip)3?")
_VERSION = re.compile(
    r"(?:cpython-|python)?3\.(\d{1,2})(?:\.\d+)?|.*/python3\.(\d{1,2})"
)
_TOOLS = ("pipenv", "poetry", "uv", "virtualenv")
_UV_PYTHON = re.compile(r"\bUV_PYTHON[= ]\s*[\"']?([^\s\"']+)")
_PATH = re.compile(r"\bPATH[= ]\s*[\"']?([^\s:\"']+)/bin:")


class Runner(NamedTuple):
    """The command that installs the Python packages, and the Python that it runs under."""

    manager: str
    path: str  #: of the Dockerfile
    offset: int  #: of the command in it
    python: str | None  #: "3.12"; None: the text does not tell


class _Scene:
    """What the commands before have made of a build's Pythons."""

    def __init__(self, python: str) -> None:
        self.default: str | None = python  #: of ``python3`` and ``pip``
        self.tools: dict[str, str | None] = {}  #: by name, those installed by pip
        self.environments: dict[str, str | None] = {}  #: by folder
        self.uv: str | None = None  #: what uv is told to take
        self.others = False  #: another Python is installed beside the default

    def meet_another(self) -> None:
        """Note another Python: which one the search path leads to, nobody knows."""
        self.others, self.default = True, None

    def python_of(self, word: str) -> str | None:
        """Return the Python of a program by its name: ``pip3.12``, ``/venv/bin/pip``."""
        named = _NAMED.fullmatch(word)
        if named:
            return f"3.{named[1]}"
        for folder, python in self.environments.items():
            if word.startswith(f"{folder}/bin/"):
                return python
        return self.default if _PLAIN.fullmatch(word) else None


def find_runner(
    steps: Iterable[tuple[str, Instruction]],
    image_python: str,
    *,
    others: bool = False,
) -> Runner | None:
    """Return what installs the packages last, None when no command does.

    :param steps: one build's instructions with their files, in the order they run.
    :param image_python: what the base image brings.
    :param others: another Python is copied into the build.
    """
    scene, found = _Scene(image_python), None
    if others:
        scene.meet_another()
    for path, instruction in steps:
        _note_environment(instruction, scene)
        if installed_pythons([instruction]) or installs_unknown_python([instruction]):
            scene.meet_another()
        for command in split_commands(instruction):
            if command.keyword != "RUN":
                continue
            manager = called_manager(command)
            if manager:
                python = _runs_under(command, manager, scene)
                found = Runner(manager, path, command.offsets[0], python)
            _note(command, scene)
    return found


def _note_environment(instruction: Instruction, scene: _Scene) -> None:
    """Note what ENV and ARG say: uv's Python, a virtual environment on the path."""
    if instruction.keyword not in ("ENV", "ARG"):
        return
    uv = _UV_PYTHON.search(instruction.text)
    scene.uv = _first_version([uv[1]]) if uv else scene.uv
    folder = _PATH.search(instruction.text)
    if folder:
        scene.default = scene.environments.get(folder[1])
        scene.tools.clear()


def _note(command: Command, scene: _Scene) -> None:
    """Note what a command changes: the default Python, a tool, an environment."""
    words, program = command.words, command.program
    if program in ("alternatives", "update-alternatives", "ln"):
        _note_default(words, scene)
    elif program == "uv" and words[1:3] == ("python", "install"):
        scene.uv = _first_version(words[3:]) or scene.uv
    elif "venv" in words or program in ("virtualenv", "uv"):
        _note_virtual(words, scene)
    elif "install" in words:
        _note_tools(words, scene)


def _note_default(words: tuple[str, ...], scene: _Scene) -> None:
    """Note that ``python3`` is another one now; what tools were there, nobody knows of."""
    source = words[1:-1] if words[0].endswith("ln") else words[1:]
    version = _first_version(source)
    plain = any(re.fullmatch(r"(?:.*/)?python3?", word) for word in words[1:])
    if version and plain:
        scene.default = version


def _note_tools(words: tuple[str, ...], scene: _Scene) -> None:
    """Note the Python of the pip that installs pipenv, poetry or uv."""
    program = words[0]
    if "pip" not in program and words[1:3] != ("-m", "pip"):
        return
    for word in words:
        name = re.split(r"[\[<>=~!]", word, maxsplit=1)[0]
        if name in _TOOLS:
            scene.tools[name] = scene.python_of(program)


def _note_virtual(words: tuple[str, ...], scene: _Scene) -> None:
    """Note the Python of a virtual environment: ``python3.12 -m venv /opt/venv``."""
    folder = words[-1].rstrip("/")
    if words[0].endswith("uv") or words[0].endswith("virtualenv"):
        option = _value(words, ("--python", "-p"))
        made = _first_version([option]) if option else scene.default
    else:
        made = scene.python_of(words[0])
    if "/" in folder or folder.startswith("."):
        scene.environments[folder] = made


def _runs_under(command: Command, manager: str, scene: _Scene) -> str | None:
    words = command.words
    if manager == "uv":
        option = _value(words, ("--python", "-p"))
        given = _first_version([option]) if option else None
        return given or scene.uv or (None if scene.others else scene.default)
    if _NAMED.fullmatch(words[0]) or words[1:2] == ("-m",) or manager == "pip":
        return scene.python_of(words[0])
    name = words[0].rpartition("/")[2]
    if name in scene.tools:
        return scene.tools[name]
    if words[0] != name:
        return scene.python_of(words[0])
    return None if scene.others else scene.default


def _value(words: tuple[str, ...], options: tuple[str, ...]) -> str:
    """Return the value of an option: ``--python 3.12``, ``--python=3.12``, ``-p 3.12``."""
    for word, following in zip(words, (*words[1:], "")):
        name, equals, value = word.partition("=")
        if name in options:
            return value if equals else following
    return ""


def _first_version(words: Iterable[str]) -> str | None:
    for word in words:
        found = _VERSION.fullmatch(word)
        if found:
            return f"3.{found[1] or found[2]}"
    return None
