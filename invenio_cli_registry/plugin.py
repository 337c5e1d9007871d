# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``invenio-cli`` loads: the command group, and the check before a build.

It is loaded at every start of ``invenio-cli``: commands, readers, YAML and TOML wait until
one of our commands is called. The commands on their own do not import it.
"""

from __future__ import annotations

import contextlib
import os
from functools import wraps
from typing import TYPE_CHECKING, Any, Callable

import click

if TYPE_CHECKING:
    from .preflight import Notice

Steps = Any
_MESSAGE = "Checking the base images."
_STOPPED = "stopped before the build, as preflight = fail asks for"


class LazyGroup(click.Group):
    """The group of ``cli``, which is imported when it is called or asked for help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return _load_group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name, None when there is none."""
        return _load_group().get_command(ctx, cmd_name)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the group's own options, as ``--version``."""
        return _load_group().get_params(ctx)


def _load_group() -> click.Group:
    from .cli import registry

    return registry


@click.pass_context
def _begin(context: click.Context) -> None:
    from .collector import rest_collector
    from .terminal import escape_unknown

    context.call_on_close(rest_collector())
    escape_unknown()


#: Its help is that of the group in ``cli``, which ``invenio-cli --help`` must not import.
registry = LazyGroup(
    "registry",
    callback=_begin,
    help="Check and move the base images that an instance is built from.",
)


def install_preflight() -> None:
    """Let ``containers build`` of the host begin with a look at the base images.

    Nothing happens on a host that has no such method, or when somebody wrapped it before.
    """
    try:
        from invenio_cli.commands import ContainersCommands

        build = ContainersCommands.build
    except (ImportError, AttributeError):
        return
    if not hasattr(build, "__wrapped__"):
        ContainersCommands.build = _with_preflight(build)


def _with_preflight(build: Callable[..., Steps]) -> Callable[..., Steps]:
    @wraps(build)
    def build_with_preflight(*args: object, **options: object) -> Steps:
        steps = build(*args, **options)
        # Whatever goes wrong in a check, it is not what keeps somebody from building.
        try:
            notice = _look()
            return [_make_step(notice), *steps] if notice else steps
        except Exception as error:
            _say(f"invenio-cli-registry: the images were not checked: {error!r}")
            return steps

    return build_with_preflight


def _look() -> Notice | None:
    from .collector import rest_collector

    wake_collector = rest_collector()
    try:
        from .preflight import inspect_build

        # The host's own compose call reads the current folder, too.
        return inspect_build(os.curdir, os.environ)
    finally:
        wake_collector()


def _make_step(notice: Notice) -> object:
    """Return the host's kind of step; it prints the message, so one only when needed."""
    from invenio_cli.commands.steps import FunctionStep

    return FunctionStep(func=_show, args={"notice": notice}, message=_MESSAGE)


def _show(notice: Notice) -> object:
    """Print the findings here: 1.0.5 shows a warning's output as a failed build."""
    from invenio_cli.helpers.process import ProcessResponse

    _say(notice.text)
    if notice.stop:
        return ProcessResponse(error=_STOPPED, status_code=1)
    return ProcessResponse()


def _say(text: str) -> None:
    # Nobody catches what a step raises, and a closed stderr is no reason to stop.
    with contextlib.suppress(OSError):
        click.secho(text, fg="yellow", err=True)


install_preflight()
