# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How Sphinx makes the documentation: ``python -m sphinx -W -n docs docs/_build``."""

from __future__ import annotations

import os
import sys
from configparser import ConfigParser
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# The checkout that is documented is the one that runs, installed or not.
sys.path[:0] = [str(_HERE.parent), str(_HERE / "_ext")]

# The outputs are those of a machine without settings.
os.environ.pop("INVENIO_CLI_REGISTRY_CONFIG", None)

_metadata = ConfigParser(interpolation=None)
_metadata.read(_HERE.parent / "setup.cfg", encoding="utf-8")

project = "invenio-cli-registry"
author = "invenio-cli-registry contributors"
copyright = f"2026, {author}"  # noqa: A001 - Sphinx's name for it
release = version = _metadata["metadata"]["version"]

extensions = ["sphinx_copybutton", "outputs", "generated"]
exclude_patterns = ["_build"]
default_role = "literal"
highlight_language = "text"
# "--" and quotes are typed as they are shown.
smartquotes = False
# Dates in tables stay on one line.
rst_prolog = ".. role:: date\n    :class: date\n"

html_theme = "furo"
html_title = f"{project} {version}"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
html_show_sourcelink = False
copybutton_prompt_text = "$ "
copybutton_line_continuation_character = "\\"
