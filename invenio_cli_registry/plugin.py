# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``invenio-cli`` loads: the command group, and the check before a build.

It is loaded at each start of ``invenio-cli``: commands, readers, YAML and TOML wait until
one of our commands is called. The standalone commands do not import it.
"""

from __future__ import annotations

import contextlib
import gc
import os
from functools import wraps
from typing import Any, Callable

import click

_MARK = "checks_base_images"
VARIABLE = "INVENIO_CLI_REGISTRY_PREFLIGHT"


class LazyGroup(click.Group):
    """The group of ``cli``, which is imported when it is used."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401
        """Return a context whose command is the real group."""
        from .cli import registry

        return registry.make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run the real group."""
        return ctx.command.invoke(ctx)


#: Its help is that of the group in ``cli``, which ``invenio-cli --help`` must not import.
registry = LazyGroup(
    "registry", help="Check and move the base images that an instance is built from."
)


def install_preflight() -> None:
    """Let ``containers build`` and ``containers start --build`` begin with a check.

    The click commands are wrapped, and not ``ContainersCommands.build``: before that is
    called, the host asks Docker for its version, and ends with a traceback when no engine
    answers. Every release since 1.0.5 has both commands.
    """
    try:
        from invenio_cli.cli.containers import containers
    except ImportError:
        return
    for name in ("build", "start"):
        command = containers.commands.get(name)
        if command and not hasattr(command.callback, _MARK):
            command.callback = _with_preflight(command.callback)


def _with_preflight(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def check_first(*args: Any, **options: Any) -> Any:  # noqa: ANN401
        # `start` has an option `build`; the command `build` has none, and always does.
        if options.get("build", True):
            _check()
        return callback(*args, **options)

    setattr(check_first, _MARK, True)
    return check_first


def _check() -> None:
    """Say what is wrong with the build in the current folder; nothing when nothing is.

    :raises SystemExit: with 1, when the build must not start.
    """
    # The host has imported hundreds of modules: to look for garbage in them takes longer
    # than what we do ourselves.
    gc.freeze()
    try:
        from .preflight import inspect_build

        # The host's own compose call reads the current folder, too.
        notice = inspect_build(os.curdir, os.environ)
    except Exception as error:
        text = f"registry: the base images were not checked: {error!r}"
        stop = _may_want_to_fail()
    else:
        text, stop = notice.text, notice.stop
    if text:
        _say(text)
    if stop:
        _say("build stopped by `preflight = fail`")
        raise SystemExit(1)


def _may_want_to_fail() -> bool:
    """Tell whether ``preflight = fail`` may be configured, without the settings' reader."""
    asked = os.environ.get(VARIABLE)
    if asked:
        return asked == "fail"
    shared = os.environ.get("INVENIO_CLI_REGISTRY_CONFIG", "")
    for name in (".invenio", "pyproject.toml", shared):
        with contextlib.suppress(OSError), open(name, "rb") as file:
            lines = file.read(1 << 20).splitlines()
            if any(b"preflight" in line and b"fail" in line for line in lines):
                return True
    return False


def _say(text: str) -> None:
    # A closed stderr is no reason to stop a build.
    with contextlib.suppress(Exception):
        click.secho(text, fg="yellow", err=True)


install_preflight()
