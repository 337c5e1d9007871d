# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Read Dockerfiles and YAML files: bytes in, references with their spans out."""
