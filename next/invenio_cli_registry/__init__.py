# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Check and move the base images of an Invenio instance; imports nothing, see bridge.py."""
