# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Give ``invenio-cli`` the commands of installed plugins.

No release of invenio-cli looks for plugins. So the start-up file in site-packages calls
:func:`install` in each Python whose arguments mention ``invenio-cli``: it waits for the
host's command group and adds the commands of every entry point of ``GROUP``. It knows the
name of that group, and nothing about any plugin. A host that loads plugins itself has them
already, and nothing is added.

It runs while Python starts: it uses the standard library only, and raises nothing.
"""

from __future__ import annotations

import os
import sys

# Not from typing: that is a slow import for a process which only mentions the host.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from importlib.metadata import EntryPoint
    from types import ModuleType
    from typing import Sequence

    import click

HOST = "invenio_cli.cli.cli"
GROUP = "invenio_cli.commands"
SWITCH = "INVENIO_CLI_NO_PLUGINS"


class HostFinder:
    """Find the host where the other finders do, and have its loader report back."""

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return the host's own spec, its loader wrapped; None for any other module."""
        if name != HOST:
            return None
        for finder in sys.meta_path:
            find = getattr(finder, "find_spec", None)
            spec = find(name, path, target) if find and finder is not self else None
            if spec is not None:
                if hasattr(spec.loader, "exec_module"):
                    spec.loader = HostLoader(spec.loader, self)
                return spec  # type: ignore[no-any-return]
        return None


class HostLoader:
    """Load the host as its own loader does, then give it the plugins' commands."""

    def __init__(self, loader: Loader, finder: HostFinder) -> None:
        """Wrap the loader that was found by another finder."""
        self.loader = loader
        self.finder = finder

    def __getattr__(self, name: str) -> object:
        """Answer as the host's loader: somebody may only want its source."""
        return getattr(self.loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave the module's creation to the host's loader."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the host's module, all traces of us removed, and add the commands.

        The finder goes only here: asking for the spec must not disarm it.
        """
        module.__loader__ = self.loader
        module.__spec__.loader = self.loader  # type: ignore[union-attr]
        if self.finder in sys.meta_path:
            sys.meta_path.remove(self.finder)
        self.loader.exec_module(module)
        try:
            attach(module.invenio_cli)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            _say(f"this invenio-cli takes no plugins ({error!r})")


def attach(group: click.Group) -> None:
    """Add the command of every entry point; a broken one says so when it is called.

    The host's own commands win. Of two plugins with one name it is always the same one.
    """
    import click

    # Not group.commands: a host that loads plugins itself may do so when it is asked.
    known = set(group.list_commands(click.Context(group)))
    for entry in sorted(_entry_points(), key=lambda one: (one.name, one.value)):
        if entry.name not in known:
            known.add(entry.name)
            group.add_command(_load(entry), entry.name)


def _entry_points() -> list[EntryPoint]:
    """Return the entry points of ``GROUP``, each once.

    Each distribution is read on its own: a broken file of one hides no other. An .egg-info
    next to a .dist-info names each entry point twice.
    """
    from importlib import metadata

    found: dict[tuple[str, str], EntryPoint] = {}
    for distribution in metadata.distributions():
        try:
            entries = [one for one in distribution.entry_points if one.group == GROUP]
        except Exception:  # noqa: S112 # whose file it is learns of it elsewhere
            continue
        for entry in entries:
            found.setdefault((entry.name, entry.value), entry)
    return list(found.values())


def _load(entry: EntryPoint) -> click.Command:
    """Return a plugin's command; of a broken plugin one that says why when it is called."""
    import click

    try:
        command = entry.load()
        if not isinstance(command, click.Command):
            raise TypeError(f"{command!r} is not a click command")
        # What the host asks each command when it lists them.
        command.get_short_help_str()
        return command
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        kind = type(error).__name__
        message = f"plugin {entry.value} is broken: {error!r}"

    def say() -> None:
        raise click.ClickException(message)

    return click.Command(
        entry.name,
        callback=say,
        short_help=f"(broken plugin: {kind})",
        # Whatever it is called with, also --help, the answer is the same.
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
    )


def _say(message: str) -> None:
    from contextlib import suppress

    # A closed stderr is no reason to stop the host.
    with suppress(Exception):
        sys.stderr.write(f"invenio-cli-registry: {message}\n")


# Last in the file: of a copy that a full disk cut short it is missing, and nothing happens.
def install() -> None:
    """Wait for the import of the host; called again, change nothing.

    The start-up file runs twice in a virtual environment.
    """
    if os.environ.get(SWITCH) or HOST in sys.modules:
        return
    if not any(isinstance(finder, HostFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, HostFinder())
