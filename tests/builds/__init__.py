# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Builds of one Dockerfile, as the tests of this folder need them."""

from invenio_cli_registry.builds import find_locals, trace_builds
from invenio_cli_registry.catalog import load
from invenio_cli_registry.instance import Project
from invenio_cli_registry.instance.python import Pin
from invenio_cli_registry.model import Source
from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.yaml import read_yaml

from ..instances import CATALOGUE

CATALOG = load(CATALOGUE)
CENTOS7 = "inveniosoftware/centos7-python:3.9"
CENTOS8 = "inveniosoftware/centos8-python:3.8"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
DEBIAN = "ghcr.io/inveniosoftware/invenio:14-debian"
SITE = Project(".", "my-site", marker=True, shortname="my-site", manager="pipenv")


def pin(manager, python, form="version"):
    """Return an instance under a manager that requires a Python."""
    found = Pin(python, "Pipfile", None, form)
    return SITE._replace(manager=manager, pins={manager: found})


def trace(files, project=SITE):
    """Return the builds of the files of an instance, by path; of one text, a Dockerfile."""
    files = {"Dockerfile": files} if isinstance(files, str) else files
    sources = {path: Source(path, text) for path, text in files.items()}
    services = [
        (path, service)
        for path in sources
        if path.endswith(".yml")
        for service in read_yaml(sources[path]).services
    ]
    dockerfiles = [
        read_dockerfile(source)
        for path, source in sources.items()
        if not path.endswith(".yml")
    ]
    inline = [one.build.inline for _, one in services if one.build and one.build.inline]
    locals_ = find_locals(project, services, CATALOG.official)
    everything = [*dockerfiles, *inline]
    return trace_builds(everything, services, project, locals_, CATALOG.identify)


def list_commands(build):
    """Return the commands of a build in their order."""
    return [one for _, commands in build.steps for one in commands]


def build(image, *lines, project=SITE):
    """Return the last stage of a Dockerfile on an image."""
    return trace("\n".join([f"FROM {image}", *lines, ""]), project)[-1]
