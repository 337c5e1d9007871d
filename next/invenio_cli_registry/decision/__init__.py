# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Findings in, the answer out: am I impacted, should I act now, what do I do."""
