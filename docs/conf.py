# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How Sphinx makes the documentation: ``python -m sphinx -W -n docs docs/_build``."""

from __future__ import annotations

import sys
from configparser import ConfigParser
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# The checkout that is documented is the one that runs, installed or not.
sys.path[:0] = [str(_HERE.parent), str(_HERE / "_ext")]

_metadata = ConfigParser(interpolation=None)
_metadata.read(_HERE.parent / "setup.cfg", encoding="utf-8")

project = "invenio-cli-registry"
author = "invenio-cli-registry contributors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's name for it
release = version = _metadata["metadata"]["version"]

extensions = ["commands", "drawing", "facts", "reference"]
exclude_patterns = ["_build"]
default_role = "literal"
highlight_language = "text"
# "--" and quotes are typed as they are shown.
smartquotes = False

html_theme = "alabaster"
html_theme_options = {
    "description": "Are the base images of an Invenio instance still there, do they still fit?",
    "fixed_sidebar": True,
    # A line of 80 columns needs no scroll bar.
    "page_width": "1080px",
    "font_family": "system-ui, sans-serif",
    "show_powered_by": False,
}
html_show_sourcelink = False
