# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands as ``python -m invenio_cli_registry``."""

from .cli import main

main()
