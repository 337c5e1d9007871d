# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which Python and Node a build's packages get, followed through its commands. Pure.

Each command changes a small picture of the image: which Python ``python3`` on PATH is, which
others are installed, which environments exist. What installs the packages is looked up in
that picture. Only a switch that cannot be read makes the answer unknown.
"""

from __future__ import annotations

import re
from collections import ChainMap
from copy import copy
from typing import NamedTuple, Sequence, Tuple

from ..catalog import Provides
from ..instance import Project
from ..model import Instruction, Span
from .commands import Command, Values, split_commands

#: Managers of Python packages: the first of these that a build uses is the instance's.
MANAGERS = ("pipenv", "uv", "poetry", "pip")
_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")

#: 3.12, 3.12.4, ==3.12.*, python3.12, /usr/bin/python3.12, cpython-3.12, $(which python3.12)
_VERSION = re.compile(
    r"(?:.*[/ ])?(?:cpython-|python|pip)?(?:[=@]=?)?3\.(?P<python>\d{1,2})(?:[.+-].*)?\)?"
)
#: python3.12, python312, python3.12-devel, rh-python38, python36u, @python39, python39:3.9;
#: nodejs:18, nodejs:18/common, nodejs-14.21.3, nodejs-1:16.20, nodejs=18.*
_PACKAGE = re.compile(
    r"@?(?:rh-)?python3\.?(?P<python>\d{1,2})u?(?:[-:].*)?"
    r"|@?nodejs[-:=](?:1:)?(?P<node>\d{1,2})(?:[./+~-].*)?"
)
_NODE = re.compile(r"(?:--node=|v|node@)?(?P<node>\d{1,2})(?:\.[\d.x]+)?|.*\$.*")
_NODE_SOURCE = re.compile(
    r"(?:nodesource\.com/(?:setup|pub|node)_|nodejs\.org/dist/(?:latest-)?v)(\d{1,2})\."
)
#: Programs that install a Python, nobody can tell which.
_UNKNOWN = re.compile(r".*python.*\.sh|conda|mamba|micromamba")
_PYTHON_SOURCE = "python.org/ftp/python/"
#: What makes another Python the ``python3`` on PATH, as arguments of its program.
_SWITCHES = (
    ({"alternatives", "update-alternatives"}, re.compile(r"(?:.* )?python3 (\S+).*")),
    ({"ln"}, re.compile(r"(?:.* )?(\S+) (?P<folder>\S*)/python3")),
    ({"pyenv"}, re.compile(r"global (\S+).*")),
)
#: What adds Pythons and a Node, and how the words look that name one.
_INSTALLERS = (
    ({"apt", "apt-get", "dnf", "microdnf", "yum"}, _PACKAGE),
    ({"pyenv", "uv"}, _VERSION),
    ({"n", "nvm", "fnm", "volta", "nodeenv"}, _NODE),
)
#: Words that make them do it; ``n`` and ``nodeenv`` need none.
_INSTALLS = frozenset({"install", "localinstall", "module", "reinstall"})
_MODULE = re.compile(r"python3?(?:\.\d+)?")
_PIP = re.compile(r"pip(?:3(?:\.\d+)?)?")
#: What pip installs without installing the instance's packages.
_TOOLS = re.compile(
    r"(?:pip|pipenv|poetry|setuptools|uv|virtualenv|wheel)(?:[\[<>=~!].*)?"
)
#: What is in the words of every command that changes the picture (but of ``n 18``).
_TELLS = re.compile("py|pip|poetry|uv|env|activate|conda|mamba|node|nvm|fnm|volta")

#: An instruction with its commands.
Step = Tuple[Instruction, Tuple[Command, ...]]


class Provided(NamedTuple):
    """A Python or a Node of a build."""

    version: str | None  #: "3.12" of a Python, "18" of a Node; None: nobody can tell
    span: Span | None = None  #: of the command that brings it, None: the image does
    unknown: str = ""  #: of a Python: why nobody can tell, a clause

    @property
    def installed(self) -> bool:
        """Tell whether a command of the build brings it, not the base image."""
        return self.span is not None

    @property
    def source(self) -> str:
        """Return who brings it: ``base image``, ``Dockerfile:13``."""
        return self.span.at_line if self.span else "base image"


class Scene:
    """What the instructions so far have made of an image's Pythons and Node."""

    def __init__(self, project: Project, provides: Provides) -> None:
        """Begin with what the base image provides."""
        unknown = "it is not known which Python the base image provides"
        python = provides.python
        #: What ``python3`` on PATH is where no environment is activated.
        self.python3 = Provided(python, unknown="" if python else unknown)
        self.node = Provided(provides.node)
        self.steps: list[Step] = []  #: those of this stage
        self.targets: dict[str, Provided] = {}  #: what each manager installs into
        self.installs_instance = False  #: and not only a tool
        self.arguments: Values = {}
        self._environment: Values = {}
        self._values = ChainMap(self._environment, self.arguments)
        self._project = project
        self._installed: dict[str, Provided] = {}  #: other Pythons, in their order
        self._folders: dict[str, Provided] = {}  #: environments, by folder

    def above(self) -> Scene:
        """Return what a stage on top of this begins with; it sees no ARG of this."""
        scene = copy(self)
        scene.steps, scene.arguments = [], {}
        scene.targets, scene._environment = {**self.targets}, {**self._environment}
        scene._installed, scene._folders = {**self._installed}, {**self._folders}
        scene._values = ChainMap(scene._environment, scene.arguments)
        return scene

    def run(
        self, step: Instruction, given: Values, outside: Values, copied: Provides
    ) -> None:
        """Change the picture as one instruction does.

        :param given: arguments that the Dockerfile is given.
        :param outside: arguments before the first FROM.
        :param copied: what the image provides that a COPY takes files from.
        """
        commands = split_commands(step, self._values)
        if not commands:
            return
        self.steps.append((step, commands))
        self._step, self._command = step, commands[0]
        words = self._command.words
        if step.keyword == "ENV":
            self._environment.update(_read_settings(words))
        elif step.keyword == "ARG":
            known = ChainMap(given, _read_settings(words), outside)
            names = {word.partition("=")[0] for word in words}
            self.arguments.update({name: known[name] for name in names & {*known}})
        elif step.keyword == "COPY":
            self._copy(copied)
        elif step.keyword == "ADD":
            self._read_sources()
        elif step.keyword == "RUN":
            self._active = ""  # The environment that the instruction has activated.
            for self._command in commands:
                self._follow()

    def _follow(self) -> None:
        """Change the picture as one command does."""
        if self._command.program == "n" or _TELLS.search(" ".join(self._command.words)):
            self._read_sources()
            self._call_manager()
            self._switch()
            self._install()
            self._make_environment()

    def _bring(self, version: str | None, unknown: str = "") -> Provided:
        return Provided(version, self._command.place(self._step), unknown)

    def _list_path(self) -> list[str]:
        return (self._values.get("PATH") or "").split(":")

    def _default(self) -> Provided:
        """Return what ``python3`` on PATH is."""
        for folder in (self._active, *self._list_path()):
            environment, _, last = folder.rpartition("/")
            if last == "bin" and environment in self._folders:
                return self._folders[environment]
        return self.python3

    def _named(self, word: str) -> Provided:
        """Return the Python that a word names: a version, a path, ``pip3.12``."""
        folder = word.rpartition("/")[0]
        environment = folder.rpartition("/")[0]
        if environment in self._folders:
            return self._folders[environment]
        found = _VERSION.fullmatch(word)
        if found:
            version = f"3.{found[1]}"
            if version == self.python3.version:
                return self.python3
            return self._installed.get(version) or self._bring(version)
        plain = "$" not in word and folder in ("", *_PATH)
        if plain or word.endswith("python3)"):
            return self._default()
        return self._bring(None, f"it is not known which Python {word} is")

    def _choose(self, manager: str) -> Provided | None:
        """Return the Python that the pin accepts: the one on PATH, else an installed one."""
        pin = self._project.pins.get(manager)
        for one in (self._default(), *reversed([*self._installed.values()])):
            if one.version is None or pin is None or pin.accepts(one.version):
                return one
        return None

    def _find_target(self, manager: str) -> Provided:
        command, prefix = self._command, manager.upper()
        environment = ChainMap(_read_settings(command.settings), self._values)
        if manager == "pip":
            return self._named(command.words[0])
        if manager == "poetry":
            chosen = self._folders.get("poetry") or self._choose("poetry")
            return chosen or self._default()
        given = command.option("--python", "-p") or environment.get(f"{prefix}_PYTHON")
        if given:
            return self._named(given)
        # With --system whatever Python runs pipenv itself; else one that the pin accepts.
        system = "PIPENV_SYSTEM" if manager == "pipenv" else "UV_SYSTEM_PYTHON"
        if "--system" in command.words or environment.get(system):
            return self._default()
        if manager == "pipenv":
            return self._choose("pipenv") or self._default()
        folder = environment.get("UV_PROJECT_ENVIRONMENT") or ".venv"
        if "pip" in command.words:
            return self._folders.get(".venv") or self._default()
        if folder not in self._folders:
            self._folders[folder] = self._choose("uv") or self._download()
        return self._folders[folder]

    def _download(self) -> Provided:
        """Return the Python that uv downloads where the pin accepts none that is there."""
        if (
            "--no-python-downloads" in self._command.words
            or self._values.get("UV_PYTHON_DOWNLOADS") in ("never", "manual", "0")
            or self._values.get("UV_PYTHON_PREFERENCE") == "only-system"
        ):
            return self._default()
        minor = self._project.pins["uv"].minor
        unknown = "" if minor else "uv may download one that the pin accepts"
        return self._bring(minor, unknown)

    # What a command changes.

    def _call_manager(self) -> None:
        """Note what the packages of the instance, or others, are installed into.

        pip installs the instance's with its folder, an Invenio package, or the requirements
        of an instance that no other manager has.
        """
        command, own = self._command, self._project.manager
        manager = _find_manager(command)
        if manager is None:
            return
        self.targets[manager] = self._find_target(manager)
        ours = own in (manager, None)
        if manager == "pip" or (manager == "uv" and "pip" in command.words):
            names = [word for word in command.words if word[:1] != "-"]
            ours = any(
                name[:1] == "."
                or name.startswith("invenio")
                or (own in ("pip", None) and name.endswith(".txt"))
                for name in names
            )
        self.installs_instance = self.installs_instance or ours

    def _copy(self, copied: Provides) -> None:
        """Take over what ``COPY --from=python:3.12 /usr/local /usr/local`` brings."""
        target, words = self._command.writes.rstrip("/"), self._command.words
        if copied.node and ("node" in "".join(words) or target == "/usr/local"):
            self.node = self._bring(copied.node)
        if copied.python and target in ("", "/usr", "/usr/local", "/usr/local/bin"):
            self.python3 = self._bring(copied.python)

    def _read_sources(self) -> None:
        text = " ".join(self._command.words)
        for found in _NODE_SOURCE.finditer(text):
            self.node = self._bring(found[1])
        if _PYTHON_SOURCE in text:
            self.python3 = self._bring(None, "a Python is built from its source")

    def _switch(self) -> None:
        """Make another Python the ``python3`` on PATH."""
        command = self._command
        path = (*_PATH, *self._list_path())
        arguments = " ".join(command.words[1:])
        for programs, pattern in _SWITCHES:
            found = command.program in programs and pattern.fullmatch(arguments)
            if found and found.groupdict().get("folder", _PATH[0]) in path:
                place = command.place(self._step)
                self.python3 = self._named(found[1])._replace(span=place)
        if _UNKNOWN.fullmatch(command.program):
            unknown = f"it is not known which Python {command.program} installs"
            self.python3 = self._bring(None, unknown)

    def _install(self) -> None:
        program, words = self._command.program, self._command.words[1:]
        for programs, pattern in _INSTALLERS:
            calls = _INSTALLS & {*words} or program in ("n", "nodeenv")
            for word in words if calls and program in programs else ():
                found = pattern.fullmatch(word)
                named = found.groupdict() if found else {}
                if named.get("python"):
                    version = f"3.{named['python']}"
                    self._installed.pop(version, None)
                    self._installed[version] = self._bring(version)
                elif found:
                    self.node = self._bring(named["node"])

    def _make_environment(self) -> None:
        """Add the environment that a command makes, or activate one."""
        program, words = self._command.program, self._command.words[1:]
        if program in (".", "source"):
            self._active = "".join(words[:1]).rpartition("/activate")[0]
        elif program == "poetry" and words[:2] == ("env", "use"):
            self._folders["poetry"] = self._named(words[-1])
        elif program == "virtualenv" or "venv" in words[:2]:
            given = self._command.option("--python", "-p")
            if program == "uv":
                given = given or self._values.get("UV_PYTHON") or ""
            named = [one for one in words if one[:1] != "-"]
            folder = [one for one in named if one not in ("venv", given)][-1:]
            python = self._named(given or self._command.words[0])
            self._folders["".join(folder).rstrip("/") or ".venv"] = python


def _find_manager(command: Command) -> str | None:
    """Return the manager that a command installs Python packages with, None for others.

    pip that installs nothing but tools (pip itself, pipenv, wheel) is none.
    """
    words = command.words
    if _MODULE.fullmatch(command.program) and words[1:2] == ("-m",):
        words = words[2:]
    program, arguments = "".join(words[:1]).rpartition("/")[2], words[1:]
    if not {"install", "sync"}.intersection(arguments):
        return None
    if program in ("pipenv", "poetry"):
        return program
    if program == "uv" and ("sync" in arguments or arguments[0] == "pip"):
        return "uv"
    if _PIP.fullmatch(program):
        named = [word for word in arguments if word != "install" and word[:1] != "-"]
        return "pip" if any(not _TOOLS.fullmatch(word) for word in named) else None
    return None


def _read_settings(words: Sequence[str]) -> Values:
    """Return the variables of ``NAME=value`` words, and of ``ENV NAME value``."""
    if len(words) > 1 and "=" not in words[0]:
        return {words[0]: " ".join(words[1:])}
    pairs = (word.partition("=") for word in words)
    return {name: value for name, equals, value in pairs if equals}
