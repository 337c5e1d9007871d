# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Judged references in, the answer out: what is the matter, must I act, what do I do."""
