# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which Python and Node a build's packages get, followed through its commands. Pure.

Each command changes a small picture of the image: which Python ``python3`` on PATH is, which
others are installed, which environments exist. What installs the packages is looked up in
that picture. Only a switch that cannot be read makes the answer unknown.
"""

from __future__ import annotations

import re
from typing import Iterable, NamedTuple, Sequence

from ..catalog import Provides
from ..instance import Project
from ..model import Span
from .commands import Command

#: Managers of Python packages: the first of these that a build uses is the instance's.
MANAGERS = ("pipenv", "uv", "poetry", "pip")
_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")

#: 3.12, 3.12.4, ==3.12.*, python3.12, /usr/bin/python3.12, cpython-3.12, $(which python3.12)
_VERSION = re.compile(
    r"(?:.*[/ ])?(?:cpython-|python|pip)?(?:[=@]=?)?3\.(\d{1,2})(?:[.+-].*)?\)?"
)
#: python3.12, python312, python3.12-devel, rh-python38, python36u, @python39, python39:3.9
_PYTHON_PACKAGE = re.compile(r"@?(?:rh-)?python3\.?(\d{1,2})u?(?:[-:].*)?")
_PYTHON_SOURCE = re.compile(r"python\.org/ftp/python/3\.(\d{1,2})")
#: nodejs:18, nodejs:18/common, nodejs-14.21.3, nodejs-1:16.20, nodejs=18.*, node@18
_NODE_PACKAGE = re.compile(r"@?node(?:js)?[-:=@]{1,2}(?:1:)?v?(\d{1,2})(?:[./+~-].*)?")
_NODE_VERSION = re.compile(r"(?:--node=|v|node@)?(\d{1,2})(?:\.[\d.x]+)?|.*\$.*")
_NEVER = re.compile(r"(?!)")
_NODE_SOURCE = re.compile(
    r"(?:nodesource\.com/(?:setup|pub|node)_|nodejs\.org/dist/(?:latest-)?v)(\d{1,2})\."
)
_CONDA = frozenset({"conda", "mamba", "micromamba"})
#: What makes another Python the ``python3`` on PATH, as arguments of its program.
_SWITCHES = (
    ({"alternatives", "update-alternatives"}, re.compile(r"(?:.* )?python3 (\S+).*")),
    ({"ln"}, re.compile(r"(?:.* )?(\S+) (?P<folder>\S*)/python3")),
    ({"pyenv"}, re.compile(r"global (\S+).*")),
    (_CONDA, re.compile(r"(?:install|create) (?:.* )?(python=\S+).*")),
)
#: What adds Pythons and a Node: the programs, words of which one makes them do it (none:
#: they always do), and how the words look that name a Python, or a Node.
_INSTALLERS = (
    (
        {"apt", "apt-get", "dnf", "microdnf", "yum"},
        {"install", "localinstall", "module", "reinstall"},
        *(_PYTHON_PACKAGE, _NODE_PACKAGE),
    ),
    (_CONDA, {"create", "install"}, _NEVER, _NODE_PACKAGE),
    ({"pyenv", "uv"}, {"install"}, _VERSION, _NEVER),
    ({"n", "nvm", "fnm", "volta", "nodeenv"}, (), _NEVER, _NODE_VERSION),
)
_MODULE = re.compile(r"python3?(?:\.\d+)?")
_PIP = re.compile(r"pip(?:3(?:\.\d+)?)?")
#: What pip installs without installing the instance's packages.
_TOOLS = re.compile(
    r"(?:pip|pipenv|poetry|setuptools|uv|virtualenv|wheel)(?:[\[<>=~!].*)?"
)


class Provided(NamedTuple):
    """A Python or a Node of a build."""

    version: str | None  #: "3.12" of a Python, "18" of a Node; None: nobody can tell
    source: str = "base image"  #: who brings it: "base image", "Dockerfile:13"
    span: Span | None = None  #: of the command that brings it, None: the image does
    unknown: str = ""  #: why nobody can tell, a clause

    @property
    def installed(self) -> bool:
        """Tell whether a command of the build brings it, not the base image."""
        return self.span is not None


class Scene:
    """What the commands so far have made of an image's Pythons and Node."""

    def __init__(self, provides: Provides, project: Project) -> None:
        """Begin with what the base image provides."""
        self.pins = project.pins
        self.python3 = _from_image(provides.python, "Python")
        self.node = _from_image(provides.node, "Node")
        self.installed: list[Provided] = []  #: Pythons next to it, the last one first
        self.folders: dict[str, Provided] = {}  #: environments, by folder
        self.environment: dict[str, str] = {}
        self.active = ""  #: the environment that the instruction has activated
        self.source = ""  #: the Python whose source was downloaded
        self.targets: dict[str, Provided] = {}  #: what each manager installs into

    def run(self, commands: Sequence[Command], copied: Provides | None) -> None:
        """Change the picture as one instruction does.

        :param copied: what the image provides that a COPY takes files from.
        """
        self.active = ""
        for command in commands:
            if command.keyword in ("ENV", "ARG"):
                self.environment.update(read_settings(command.words))
            elif copied:
                self._copy(command, copied)
            for word in command.words:
                for found in _NODE_SOURCE.finditer(word):
                    self.node = _by(command, found[1])
                for found in _PYTHON_SOURCE.finditer(word):
                    self.source = f"3.{found[1]}"
            if command.keyword == "RUN":
                self._run(command)

    def _run(self, command: Command) -> None:
        manager = called_manager(command)
        if manager:
            self.targets[manager] = self._find_target(command, manager)
        self._switch(command)
        self._install(command)
        self._make_environment(command)
        if command.program == "make" and self.source:
            if "altinstall" in command.words:
                self.installed.insert(0, _by(command, self.source))
            elif "install" in command.words:
                self.python3 = _by(command, self.source)

    # What is there.

    def _setting(self, command: Command, name: str) -> str:
        """Return a variable's value for a command, "" without one."""
        own = read_settings(command.settings)
        return own.get(name, self.environment.get(name, ""))

    def _default(self, command: Command) -> Provided:
        """Return what ``python3`` on PATH is."""
        path = self._setting(command, "PATH").split(":")
        for folder in (self.active, *path):
            environment, _, last = folder.rpartition("/")
            if last == "bin" and environment in self.folders:
                return self.folders[environment]
        return self.python3

    def _named(self, command: Command, word: str) -> Provided:
        """Return the Python that a word names: a version, a path, ``pip3.12``."""
        folder = word.rpartition("/")[0]
        environment = folder.rpartition("/")[0]
        if environment in self.folders:
            return self.folders[environment]
        found = _VERSION.fullmatch(word)
        if found:
            known = (self.python3, *self.installed, _by(command, f"3.{found[1]}"))
            return next(one for one in known if one.version == f"3.{found[1]}")
        plain = "$" not in word and folder in ("", *_PATH)
        if plain or word.endswith("python3)"):
            return self._default(command)
        return _unread(command, f"it is not known which Python {word} is")

    def _choose(self, command: Command, manager: str) -> Provided | None:
        """Return the Python that the pin accepts: the one on PATH, else an installed one."""
        pin = self.pins.get(manager)
        for one in (self._default(command), *self.installed):
            if one.version is None or pin is None or pin.accepts(one.version):
                return one
        return None

    def _find_target(self, command: Command, manager: str) -> Provided:
        """Return the Python that a command installs packages into."""
        if manager == "pip":
            return self._named(command, command.words[0])
        if manager == "uv":
            return self._find_uv(command)
        if manager == "poetry":
            chosen = self.folders.get("poetry") or self._choose(command, "poetry")
            return chosen or self._default(command)
        given = command.option("--python") or self._setting(command, "PIPENV_PYTHON")
        if given:
            return self._named(command, given)
        # With --system whatever Python runs pipenv itself; else one that the pin accepts.
        system = "--system" in command.words or self._setting(command, "PIPENV_SYSTEM")
        chosen = None if system else self._choose(command, "pipenv")
        return chosen or self._default(command)

    def _find_uv(self, command: Command) -> Provided:
        given = command.option("--python", "-p") or self._setting(command, "UV_PYTHON")
        if given:
            return self._named(command, given)
        folder = self._setting(command, "UV_PROJECT_ENVIRONMENT") or ".venv"
        if "pip" in command.words:
            system = "--system" in command.words
            system = system or bool(self._setting(command, "UV_SYSTEM_PYTHON"))
            local = None if system else self.folders.get(".venv")
            return local or self._default(command)
        if folder in self.folders:
            return self.folders[folder]
        chosen = self._choose(command, "uv")
        stays = (
            "--no-python-downloads" in command.words
            or self._setting(command, "UV_PYTHON_DOWNLOADS") in ("never", "manual", "0")
            or self._setting(command, "UV_PYTHON_PREFERENCE") == "only-system"
        )
        if chosen is None and stays:
            chosen = self._default(command)
        pin = self.pins.get("uv")
        if chosen is None and pin and pin.minor:  # uv downloads just that one.
            chosen = _by(command, pin.minor)
        chosen = chosen or _unread(command, "uv may download one that the pin accepts")
        self.folders[folder] = chosen
        return chosen

    # What a command changes.

    def _copy(self, command: Command, copied: Provides) -> None:
        """Take over what ``COPY --from=python:3.12 /usr/local /usr/local`` brings."""
        target = command.writes.rstrip("/")
        if copied.node and ("node" in "".join(command.words) or target == "/usr/local"):
            self.node = _by(command, copied.node)
        if copied.python and target in ("", "/usr", "/usr/local", "/usr/local/bin"):
            self.python3 = _by(command, copied.python)

    def _switch(self, command: Command) -> None:
        """Make another Python the ``python3`` on PATH."""
        path = (*_PATH, *self._setting(command, "PATH").split(":"))
        arguments = " ".join(command.words[1:])
        for programs, pattern in _SWITCHES:
            found = command.program in programs and pattern.fullmatch(arguments)
            if found and found.groupdict().get("folder", _PATH[0]) in path:
                python, place = self._named(command, found[1]), command.span
                self.python3 = python._replace(source=place.at_line, span=place)
        if command.program.endswith(".sh") and "python" in command.program:
            unknown = f"it is not known which Python {command.program} installs"
            self.python3 = _unread(command, unknown)

    def _install(self, command: Command) -> None:
        """Add Pythons next to the one on PATH, and a Node."""
        words = set(command.words[1:])
        for programs, verbs, python, node in _INSTALLERS:
            calls = command.program in programs and words & set(verbs or words)
            for word in command.words[1:] if calls else ():
                found, other = python.fullmatch(word), node.fullmatch(word)
                if found:
                    self.installed.insert(0, _by(command, f"3.{found[1]}"))
                elif other and other[1]:
                    self.node = _by(command, other[1])
                elif other:
                    self.node = _unread(command, f"{word} has no value")

    def _make_environment(self, command: Command) -> None:
        """Add the environment that a command makes, or activate one."""
        program, words = command.program, command.words[1:]
        if program in (".", "source"):
            self.active = "".join(words[:1]).rpartition("/activate")[0]
        elif program == "poetry" and words[:2] == ("env", "use"):
            self.folders["poetry"] = self._named(command, words[-1])
        elif program == "virtualenv" or "venv" in words[:2]:
            given = command.option("--python", "-p")
            if program == "uv":
                given = given or self._setting(command, "UV_PYTHON")
            named = [one for one in words if one[:1] != "-"]
            folder = [one for one in named if one not in ("venv", given)][-1:]
            python = self._named(command, given or command.words[0])
            self.folders["".join(folder).rstrip("/") or ".venv"] = python


def called_manager(command: Command) -> str | None:
    """Return the manager that a command installs Python packages with, None for others.

    pip that installs nothing but tools (pip itself, pipenv, wheel) is none.
    """
    words = command.words
    if _MODULE.fullmatch(command.program) and words[1:2] == ("-m",):
        words = words[2:]
    program, arguments = "".join(words[:1]).rpartition("/")[2], words[1:]
    if command.keyword != "RUN" or not {"install", "sync"}.intersection(arguments):
        return None
    if program in ("pipenv", "poetry"):
        return program
    if program == "uv" and ("sync" in arguments or arguments[0] == "pip"):
        return "uv"
    if _PIP.fullmatch(program):
        named = [word for word in arguments if word != "install" and word[:1] != "-"]
        return "pip" if any(not _TOOLS.fullmatch(word) for word in named) else None
    return None


def installs_instance(command: Command, project: Project) -> bool:
    """Tell whether a command installs the instance's packages, and not some others.

    pip does when it installs the folder, an Invenio package, or the requirements of an
    instance that no other manager has.
    """
    manager, own = called_manager(command), project.manager
    if manager == "pip" or (manager == "uv" and "pip" in command.words):
        names = [word for word in command.words if word[:1] != "-"]
        if any(name[:1] == "." or name.startswith("invenio") for name in names):
            return True
        return own in ("pip", None) and any(name.endswith(".txt") for name in names)
    return manager is not None and own in (manager, None)


def read_settings(words: Iterable[str]) -> dict[str, str]:
    """Return the variables of ``NAME=value`` words, and of ``ENV NAME value``."""
    words = tuple(words)
    if len(words) > 1 and "=" not in words[0]:
        return {words[0]: " ".join(words[1:])}
    pairs = (word.partition("=") for word in words)
    return {name: value for name, equals, value in pairs if equals}


def _from_image(version: str | None, what: str) -> Provided:
    unknown = f"it is not known which {what} the base image provides"
    return Provided(version, unknown="" if version else unknown)


def _by(command: Command, version: str) -> Provided:
    return Provided(version, command.span.at_line, command.span)


def _unread(command: Command, why: str) -> Provided:
    return Provided(None, command.span.at_line, command.span, why)
