# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Read Dockerfiles and YAML files: text in, references with their places out. Pure."""
