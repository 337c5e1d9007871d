# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""PostgreSQL and the search engine of the compose files, against the release."""

from __future__ import annotations

import pytest

from ..instances import build, rdm
from . import ALMA, DEBIAN_14, findings

ELASTIC = "docker.elastic.co/elasticsearch/elasticsearch"
ROWS = {
    "older": ("14.0.5", "postgres:12.4", "PostgreSQL 15 or later"),
    "older, by its major": ("14.0.5", "postgres:14", "PostgreSQL 15 or later"),
    "older, by a variant": (
        "14.0.5",
        "postgres:14.13-alpine",
        "PostgreSQL 15 or later",
    ),
    "from somewhere else": (
        *("14.0.5", "registry.cern.ch/docker.io/library/postgres:12.4"),
        "PostgreSQL 15 or later",
    ),
    "an older search engine": (
        "14.0.5",
        "opensearchproject/opensearch:2.3.0",
        "OpenSearch 2.12",
    ),
    "another search engine": ("14.0.5", f"{ELASTIC}:7.10.2", "OpenSearch 2.12"),
    "another major of a search engine": (
        *("14.0.5", "opensearchproject/opensearch:3.1.0"),
        "OpenSearch 2.12",
    ),
    "one of several": (
        "10.1.1",
        f"{ELASTIC}:6.8",
        "Elasticsearch 7, OpenSearch 1 or OpenSearch 2",
    ),
    "the least one": ("14.0.5", "postgres:15", None),
    "a later database": ("14.0.5", "postgres:17.2", None),
    "only its major": ("14.0.5", "opensearchproject/opensearch:2", None),
    "a later search engine": ("14.0.5", "opensearchproject/opensearch:2.17.1", None),
    "one of those": ("10.1.1", f"{ELASTIC}:7.10.2", None),
    "no version": ("14.0.5", "postgres:latest", None),
    "something else": ("14.0.5", "redis:5", None),
    "somebody's": ("14.0.5", "me/postgres:12", None),
    "no page says": ("6.0.5", "postgres:9.6", None),
}


@pytest.mark.parametrize(("version", "image", "wanted"), ROWS.values(), ids=ROWS)
def test_services(tmp_path, version, image, wanted):
    compose = f"services:\n  one:\n    image: {image}\n"
    files = {**rdm(version, "3.9"), **build(ALMA), "docker-compose.yml": compose}
    release = {"14.0.5": "14", "10.1.1": "10.1"}.get(version)
    text = f"InvenioRDM {release} requires {wanted}; the compose file runs {image}."
    found = findings(tmp_path, files, "service")
    assert found == ([("plan", "docker-compose.yml:3", text)] if wanted else [])


def test_for_an_upgrade_a_service_without_a_version_is_named(tmp_path):
    compose = "services:\n  one:\n    image: postgres:latest\n"
    files = {**rdm("13.1.2", "3.9"), **build(ALMA), "docker-compose.yml": compose}
    (found,) = findings(tmp_path, files, "service", release="14")
    assert (
        found[2]
        == "InvenioRDM 14 requires PostgreSQL 15 or later; the compose file runs postgres:latest."
    )


def test_what_no_compose_file_runs_is_not_looked_at(tmp_path):
    pod = "kind: Pod\nspec:\n  containers:\n  - image: postgres:12.4\n"
    files = {**rdm("14.0.5", "3.14"), **build(DEBIAN_14), "pod.yml": pod}
    assert findings(tmp_path, files, "service") == []
