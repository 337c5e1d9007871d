# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report as Markdown, for a job summary or a merge request. Pure.

A word that is not plain (a path, an image, a command, whatever a file may hold) becomes
code. So nothing in a file can become markup, a mention or a link; the only links are the
pages of the catalogue.
"""

from __future__ import annotations

import re
from typing import Iterator, Sequence

from ..decision.model import Checked, Report
from ..model import Finding, Option
from ..terminal import printable
from .layout import Request, stale_note
from .table import by_urgency, list_rows, needs_something

#: What cannot be markup anywhere in a line: words, numbers, dates, and their punctuation.
_PLAIN = re.compile(
    r"\(?(?:[A-Za-z]+(?:['-][A-Za-z]+)*|[A-Za-z]+\d{0,3}|\d[\d.]*|\d{4}-\d\d-\d\d)?"
)
_TOKEN = re.compile(r"`[^`]+`|`|[^\s`]+")
_PAGE = re.compile(r"https://[A-Za-z0-9./_#?=%&~:+-]+")
_END = ".,:;?!)"


def render_markdown(report: Report, request: Request) -> str:
    """Return the table of all instances, then a section for each that needs something."""
    shown = by_urgency(report)
    blocks = ["## Base images of Invenio instances"]
    if report.nothing:
        blocks.append(prose(report.nothing))
    if shown:
        rows = list_rows(shown, report.today, every=len(shown) == 1)
        table = [("act", "instance", "release", "finding", "where"), ("---",) * 5]
        table += [
            (
                row.act,
                code(row.instance),
                prose(row.release),
                prose(row.finding),
                code(row.where),
            )
            for row in rows
        ]
        fine = len(shown) - sum(map(needs_something, shown))
        blocks.append("\n".join(map(_row, table)))
        if len(shown) > 1 and fine:
            blocks.append(f"{fine} of {len(shown)} instances are ok.")
    for one in shown:
        if len(shown) == 1 or needs_something(one):
            blocks += _section(one)
    if report.problems:
        blocks.append("### Problems")
        blocks.append(
            "\n".join(
                f"- {code(one.path + (f':{one.line}' if one.line else ''))} {prose(one.message)}"
                for one in report.problems
            )
        )
    blocks.append(
        f"Based on documentation of {report.facts_read}; no registry was contacted. "
        + prose(stale_note(report))
    )
    return "\n\n".join(block.rstrip() for block in blocks if block) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _section(one: Checked) -> Iterator[str]:
    """Yield the blocks of one instance: the answer, what to do, and its findings."""
    advice, project = one.advice, one.instance.project
    mark = " (template)" if project.template else ""
    yield f"### {code(project.title)}{mark}"
    yield prose(advice.answer[:1].upper() + advice.answer[1:])
    if advice.state != "ok" and not advice.upgrade:
        yield f"**Act now?** {prose(' '.join((advice.lead, *advice.reasons)))}"
    findings: Sequence[Finding] = one.findings
    if advice.upgrade:
        findings = (*advice.upgrade.changes, *advice.upgrade.services)
    options = [advice.recommended] if advice.recommended else []
    for option in (*options, *advice.alternatives):
        yield from _option(option)
    for text in (*advice.impossible, *advice.cautions):
        yield prose(text)
    yield "\n".join(map(_finding, findings))
    if advice.upgrade:
        yield "\n".join(f"- {_link(page)}" for page in advice.upgrade.pages)


def _option(option: Option) -> Iterator[str]:
    yield prose(option.text)
    lines = [printable(command.line) for command in option.commands]
    if lines:
        # Longer than any run of backticks in a path: the block ends where it should.
        fence = "`" * max(
            3, 1 + max(map(len, re.findall("`+", "".join(lines))), default=0)
        )
        yield "\n".join((f"{fence}console", *lines, fence))
    yield prose(option.after)


def _finding(finding: Finding) -> str:
    """Return a finding as an item of a list, with the page that says so."""
    until = finding.accepted_until
    said = (
        f"- {code(str(finding.span))} {prose(finding.message)}",
        prose(finding.help),
        f"Accepted until {until}." if until else "",
        f"({_link(finding.source)})" if finding.source else "",
    )
    return " ".join(filter(None, said))


def _link(page: str) -> str:
    """Return a page of the catalogue as a link, anything else as code."""
    return f"<{page}>" if _PAGE.fullmatch(page) else code(page)


def prose(text: str) -> str:
    """Return sentences in which only plain words are text, and all else is code."""
    return _TOKEN.sub(lambda found: _token(found.group()), printable(text))


def _token(word: str) -> str:
    if word[0] == "`":
        return f"`{word[1:-1]}`" if len(word) > 2 else "'"
    rest = word.rstrip(_END)
    if word == "->" or _PLAIN.fullmatch(rest):
        return word
    lead = "(" if rest.startswith("(") else ""
    return f"{lead}`{rest[len(lead) :]}`{word[len(rest) :]}"


def code(text: str) -> str:
    """Return a text as code, whatever is in it."""
    safe = printable(text)
    if not safe:
        return ""
    fence = "`" * (1 + max(map(len, re.findall("`+", safe)), default=0))
    pad = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{fence}{pad}{safe}{pad}{fence}"
