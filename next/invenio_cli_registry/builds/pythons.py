# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which Python and Node a build's packages get, followed through its commands. Pure.

Each command changes a small picture of the image: which Python ``python3`` on PATH is, which
others are installed, which environments exist. What installs the packages is looked up in
that picture. Only a switch that cannot be read makes the answer unknown.
"""

from __future__ import annotations

import re
from typing import Callable, Iterable, Mapping, NamedTuple

from ..catalog import Provides
from ..instance import Project
from ..model import Span
from .commands import Command

#: Package managers of systems, and the words that make them install something.
SYSTEM_TOOLS = frozenset({"apt", "apt-get", "dnf", "microdnf", "yum"})
_INSTALLS = frozenset({"install", "localinstall", "module", "reinstall"})
#: Managers of Python packages: the first of these that a build uses is the instance's.
MANAGERS = ("pipenv", "uv", "poetry", "pip")
_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")

#: 3.12, 3.12.4, ==3.12.*, python3.12, /usr/bin/python3.12, cpython-3.12, $(which python3.12)
_VERSION = re.compile(
    r"(?:.*[/ ])?(?:cpython-|python)?(?:[=@]=?)?3\.(\d{1,2})(?:[.+-].*)?\)?"
)
#: python3.12, python312, python3.12-devel, rh-python38, python36u, @python39, python39:3.9
_PYTHON_PACKAGE = re.compile(r"@?(?:rh-)?python3\.?(\d{1,2})u?(?:[-:].*)?")
_PYTHON_SOURCE = re.compile(r"python\.org/ftp/python/3\.(\d{1,2})")
_NAMED = re.compile(r"(?:.*/)?(?:python|pip)3\.(\d{1,2})")
_PYTHON = re.compile(r"python3?(?:\.\d+)?")
_PIP = re.compile(r"pip(?:3(?:\.\d+)?)?")
#: nodejs:18, nodejs:18/common, nodejs-14.21.3, nodejs-1:16.20, nodejs=18.*, node@18
_NODE_PACKAGE = re.compile(r"@?node(?:js)?[-:=@]{1,2}(?:1:)?v?(\d{1,2})(?:[./+~-].*)?")
_NODE_VERSION = re.compile(r"(?:--node=|v|node@)?(\d{1,2})(?:\.[\d.x]+)?")
_NODE_SOURCE = re.compile(
    r"nodesource\.com/(?:setup_|pub_|node_)(\d{1,2})\."
    r"|nodejs\.org/dist/(?:latest-)?v(\d{1,2})\."
)
#: What pip installs without installing the instance's packages.
_TOOLS = re.compile(
    r"(?:pip|pipenv|poetry|setuptools|uv|virtualenv|wheel)(?:[\[<>=~!].*)?"
)


class Provided(NamedTuple):
    """A Python or a Node of a build."""

    version: str | None  #: "3.12" of a Python, "18" of a Node; None: nobody can tell
    source: str = "base image"  #: who brings it: "base image", "Dockerfile:13"
    span: Span | None = (
        None  #: of the command that brings it, None: the base image does
    )
    unknown: str = ""  #: why nobody can tell, a clause

    @property
    def installed(self) -> bool:
        """Tell whether a command of the build brings it, not the base image."""
        return self.span is not None


class Scene:
    """What the commands so far have made of an image's Pythons and Node."""

    def __init__(self, provides: Provides, project: Project) -> None:
        """Begin with what the base image provides."""
        self.project = project
        self.python3 = _from_image(provides.python, "Python")
        self.node = _from_image(provides.node, "Node")
        self.installed: list[Provided] = []  #: Pythons next to it, the last one first
        self.folders: dict[str, Provided] = {}  #: environments, by folder
        self.environment: dict[str, str] = {}
        self.source = ""  #: the Python whose source was downloaded
        self.targets: dict[str, Provided] = {}  #: what each manager installs into

    def run(self, command: Command, copied: Provides | None = None) -> None:
        """Change the picture as a command does.

        :param copied: what the image provides that a COPY takes files from.
        """
        if command.keyword in ("ENV", "ARG"):
            self.environment.update(read_settings(command.words))
        elif copied:
            self._copy(command, copied)
        for found in _NODE_SOURCE.finditer(" ".join(command.words)):
            self.node = _by(command, found[1] or found[2])
        for found in _PYTHON_SOURCE.finditer(" ".join(command.words)):
            self.source = f"3.{found[1]}"
        if command.keyword != "RUN":
            return
        manager = called_manager(command)
        if manager:
            self.targets[manager] = _FINDERS[manager](self, command)
        note = _NOTES.get("python" if _is_module(command) else command.program)
        if note:
            note(self, command)
        elif command.program.endswith(".sh") and "python" in command.program:
            self.python3 = _unread(command, f"{command.program} may change it")

    def default(self, command: Command) -> Provided:
        """Return what ``python3`` on PATH is for a command."""
        path = self._setting(command, "PATH")
        for folder in path.split(":"):
            if folder.endswith("/bin") and folder[: -len("/bin")] in self.folders:
                return self.folders[folder[: -len("/bin")]]
        return self.python3

    def _setting(self, command: Command, name: str) -> str:
        """Return a variable's value for a command, "" without one."""
        return read_settings(command.settings).get(name, self.environment.get(name, ""))

    def named(self, command: Command, word: str) -> Provided:
        """Return the Python that a word names: a version, a path, ``pip3.12``.

        A name without a version is what PATH has.
        """
        folder = word.rpartition("/bin/")[0]
        if folder in self.folders:
            return self.folders[folder]
        found = _NAMED.fullmatch(word) or _VERSION.fullmatch(word)
        if found:
            version = f"3.{found[1]}"
            known = [self.python3, *self.installed]
            fitting = (one for one in known if one.version == version)
            return next(fitting, _by(command, version))
        if "$" in word:
            return _unread(command, f"{word} has no value")
        return self.default(command)

    def choose(self, command: Command, manager: str) -> Provided | None:
        """Return the Python that the pin accepts: the one on PATH, else an installed one.

        None when the pin accepts none that is known.
        """
        pin = self.project.pins.get(manager)
        for one in (self.default(command), *self.installed):
            if one.version is None or pin is None or pin.accepts(one.version):
                return one
        return None

    # What each package manager installs into.

    def find_pipenv(self, command: Command) -> Provided:
        """With ``--system`` the ``python3`` on PATH, else one that the pin accepts."""
        given = command.option("--python") or self._setting(command, "PIPENV_PYTHON")
        if given:
            return self.named(command, given)
        system = "--system" in command.words or self._setting(command, "PIPENV_SYSTEM")
        chosen = None if system else self.choose(command, "pipenv")
        return chosen or self.default(command)

    def find_uv(self, command: Command) -> Provided:
        """The one that is named, the environment's, or one that the pin accepts."""
        given = command.option("--python", "-p") or self._setting(command, "UV_PYTHON")
        if given:
            return self.named(command, given)
        if "pip" in command.words:
            local = self.folders.get(".venv")
            system = "--system" in command.words
            system = system or bool(self._setting(command, "UV_SYSTEM_PYTHON"))
            return self.default(command) if system or not local else local
        folder = self._setting(command, "UV_PROJECT_ENVIRONMENT") or ".venv"
        if folder in self.folders:
            return self.folders[folder]
        chosen = self.choose(command, "uv")
        if chosen or self._refuses_downloads(command):
            return chosen or self.default(command)
        return _unread(command, "uv may download one that the pin accepts")

    def _refuses_downloads(self, command: Command) -> bool:
        flags = {"--no-python-downloads", "--no-managed-python"}
        return bool(
            flags.intersection(command.words)
            or self._setting(command, "UV_PYTHON_DOWNLOADS") in ("never", "manual", "0")
            or self._setting(command, "UV_PYTHON_PREFERENCE") == "only-system"
            or self._setting(command, "UV_NO_MANAGED_PYTHON")
        )

    def find_poetry(self, command: Command) -> Provided:
        """The environment that ``poetry env use`` named, or one that the pin accepts."""
        chosen = self.folders.get("poetry") or self.choose(command, "poetry")
        return chosen or self.default(command)

    def find_pip(self, command: Command) -> Provided:
        """The Python that the program belongs to: ``pip3.12``, ``/venv/bin/pip``."""
        return self.named(command, command.words[0])

    # What a command changes.

    def _copy(self, command: Command, copied: Provides) -> None:
        """``COPY --from=python:3.12 /usr/local /usr/local``."""
        target = command.writes.rstrip("/")
        if copied.node and "node" in " ".join(command.words):
            self.node = _by(command, copied.node)
        if copied.python and target in ("", "/usr", "/usr/local", "/usr/local/bin"):
            self.python3 = _by(command, copied.python)

    def note_packages(self, command: Command) -> None:
        """``dnf install python3.12``: it is there, and ``python3`` stays what it is."""
        if _INSTALLS.intersection(command.words):
            for found in filter(None, map(_PYTHON_PACKAGE.fullmatch, command.words)):
                self.installed.insert(0, _by(command, f"3.{found[1]}"))
            self._note_node(command, _NODE_PACKAGE)

    def note_node(self, command: Command) -> None:
        """``nvm install 22``, ``n 22``."""
        self._note_node(command, _NODE_VERSION)

    def _note_node(self, command: Command, pattern: re.Pattern[str]) -> None:
        for word in command.words[1:]:
            found = pattern.fullmatch(word)
            if found:
                self.node = _by(command, found[1])
            elif "$" in word and pattern is _NODE_VERSION:
                self.node = _unread(command, f"{word} has no value")

    def note_conda(self, command: Command) -> None:
        """``conda install python=3.12``."""
        named = [word for word in command.words if word.startswith("python=")]
        if named and {"install", "create"}.intersection(command.words):
            self.python3 = self.named(command, named[0])
        self._note_node(command, _NODE_PACKAGE)

    def note_alternatives(self, command: Command) -> None:
        """``alternatives --set python3 PATH``, ``--install LINK python3 PATH PRIORITY``."""
        words = command.words
        at = words.index("python3") + 1 if "python3" in words else len(words)
        if at < len(words):
            self.python3 = _at(command, self.named(command, words[at]))

    def note_link(self, command: Command) -> None:
        """``ln -sf /usr/bin/python3.12 /usr/local/bin/python3``: to a folder on PATH."""
        *before, link = command.words
        folder, _, name = link.rpartition("/")
        path = self._setting(command, "PATH").split(":")
        if name == "python3" and folder in (*_PATH, *path) and len(before) > 1:
            self.python3 = _at(command, self.named(command, before[-1]))

    def note_uv(self, command: Command) -> None:
        """``uv python install 3.12``, ``uv venv --python 3.12 FOLDER``."""
        words = command.words
        if words[1:3] == ("python", "install"):
            for word in words[3:]:
                if _VERSION.fullmatch(word) or "$" in word:
                    self.installed.insert(0, _at(command, self.named(command, word)))
        elif "venv" in words:
            self._note_environment(command, words[words.index("venv") + 1 :])

    def note_virtualenv(self, command: Command) -> None:
        """``virtualenv -p python3.12 FOLDER``."""
        self._note_environment(command, command.words[1:])

    def _note_environment(self, command: Command, arguments: Iterable[str]) -> None:
        given = command.option("--python", "-p")
        given = given or self._setting(command, "UV_PYTHON")
        python = self.named(command, given) if given else self.default(command)
        folders = [word for word in arguments if word[:1] != "-" and word != given]
        self.folders[folders[-1].rstrip("/") if folders else ".venv"] = python

    def note_module(self, command: Command) -> None:
        """``python3.12 -m venv FOLDER``."""
        if command.words[2:3] in (("venv",), ("virtualenv",)) and command.words[3:]:
            folder = command.words[-1].rstrip("/")
            self.folders[folder] = self.named(command, command.words[0])

    def note_activation(self, command: Command) -> None:
        """``. /opt/venv/bin/activate``."""
        folder = "".join(command.words[1:2]).rpartition("/bin/activate")[0]
        if folder in self.folders:
            before = self.environment.get("PATH", "$PATH")
            self.environment["PATH"] = f"{folder}/bin:{before}"

    def note_pyenv(self, command: Command) -> None:
        """``pyenv global 3.12``."""
        if command.words[1:2] == ("install",):
            self.installed.insert(0, self.named(command, command.words[-1]))
        elif command.words[1:2] == ("global",) and command.words[2:]:
            self.python3 = _at(command, self.named(command, command.words[2]))

    def note_poetry(self, command: Command) -> None:
        """``poetry env use 3.12``."""
        if command.words[1:3] == ("env", "use") and command.words[3:]:
            self.folders["poetry"] = self.named(command, command.words[3])

    def note_make(self, command: Command) -> None:
        """``make install`` of Python's source, or ``make altinstall``."""
        if self.source and "altinstall" in command.words:
            self.installed.insert(0, _by(command, self.source))
        elif self.source and "install" in command.words:
            self.python3 = _by(command, self.source)


_FINDERS: Mapping[str, Callable[[Scene, Command], Provided]] = {
    "pipenv": Scene.find_pipenv,
    "uv": Scene.find_uv,
    "poetry": Scene.find_poetry,
    "pip": Scene.find_pip,
}
_NOTES: Mapping[str, Callable[[Scene, Command], None]] = {
    **dict.fromkeys(SYSTEM_TOOLS, Scene.note_packages),
    **dict.fromkeys(("n", "nvm", "fnm", "volta", "nodeenv"), Scene.note_node),
    **dict.fromkeys(("conda", "mamba", "micromamba"), Scene.note_conda),
    **dict.fromkeys(("alternatives", "update-alternatives"), Scene.note_alternatives),
    **dict.fromkeys((".", "source"), Scene.note_activation),
    "ln": Scene.note_link,
    "make": Scene.note_make,
    "poetry": Scene.note_poetry,
    "pyenv": Scene.note_pyenv,
    "python": Scene.note_module,
    "uv": Scene.note_uv,
    "virtualenv": Scene.note_virtualenv,
}


def called_manager(command: Command) -> str | None:
    """Return the manager that a command installs Python packages with, None for others.

    pip that installs nothing but tools (pip itself, pipenv, wheel) is none.
    """
    words = command.words[2:] if _is_module(command) else command.words
    if command.keyword != "RUN" or not words:
        return None
    program, arguments = words[0].rpartition("/")[2], words[1:]
    if program == "pipenv" and {"install", "sync"}.intersection(arguments):
        return "pipenv"
    if program == "uv" and ("sync" in arguments or arguments[:2] == ("pip", "install")):
        return "uv"
    if program == "poetry" and {"install", "sync"}.intersection(arguments):
        return "poetry"
    if _PIP.fullmatch(program) and "install" in arguments:
        named = [word for word in arguments if word != "install" and word[:1] != "-"]
        return "pip" if any(not _TOOLS.fullmatch(word) for word in named) else None
    return None


def installs_instance(command: Command, project: Project) -> bool:
    """Tell whether a command installs the instance's packages, and not some others.

    pip does when it installs the folder, an Invenio package, or the requirements of an
    instance that no other manager has.
    """
    manager = called_manager(command)
    own = project.manager or "pip"
    if manager == "pip" or (manager == "uv" and "pip" in command.words):
        names = [word for word in command.words if word[:1] != "-"]
        if any(name[:1] == "." or name.startswith("invenio") for name in names):
            return True
        return own == "pip" and any(name.endswith(".txt") for name in names)
    return manager is not None and (manager == own or not project.manager)


def _is_module(command: Command) -> bool:
    """Tell whether a command is ``python3.12 -m MODULE ...``."""
    return bool(_PYTHON.fullmatch(command.program)) and command.words[1:2] == ("-m",)


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


def _at(command: Command, python: Provided) -> Provided:
    """Return a Python at the place of the command that makes it the default."""
    return python._replace(source=command.span.at_line, span=command.span)


def _unread(command: Command, why: str) -> Provided:
    return Provided(None, command.span.at_line, command.span, why)
