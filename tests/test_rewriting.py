# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Whole files, before and after: what ``migrate`` changes, and all that it does not."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.edits import Wanted, check_edits, plan_edits
from invenio_cli_registry.image import DOCKER_HUB, Image, Mirror, apply_mirrors
from invenio_cli_registry.model import Source
from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.yaml import read_yaml

OURS = frozenset({"inveniosoftware/almalinux"})
OLD = "inveniosoftware/centos8-python:3.8"
NEW = f"registry.cern.ch/{OLD}"
ALMALINUX = "registry.cern.ch/inveniosoftware/almalinux"
DIGEST = "@sha256:" + "0123456789abcdef" * 4
COMPOSE = "services:\n  web:\n    image: {}\n  # done\n"


# A move: what an image becomes, and whether the same bytes are served there


def cern(image):
    if image.name.startswith(f"{DOCKER_HUB}/inveniosoftware/"):
        return Image("registry.cern.ch", image.repository, image.tag), False
    return None, False


def alma(image):
    """Take it to the image that a release brings: another name and another tag."""
    ours = "inveniosoftware/" in image.repository and image.tag
    host, _, path = ALMALINUX.partition("/")
    return (Image(host, path, "1") if ours else None), False


def through(mirror):
    parsed = [Mirror.parse(mirror)]
    return lambda image: (apply_mirrors(image, parsed), True)


HUB = through("docker.io=h.org:5000/hub")
IPV6 = through("docker.io=[::1]:5000/hub")


def read(sources):
    """Return the references, the Dockerfiles, and the structure of all else.

    A Dockerfile is read once for each compose service that gives it arguments.
    """
    yamls = [one for one in sources if one.path.endswith((".yml", ".yaml"))]
    found = [read_yaml(one, OURS) for one in yamls]
    references = [reference for one in found for reference in one.references]
    structure = [[service.name for service in one.services] for one in found]
    builds = [one.build for file in found for one in file.services if one.build]
    dockerfiles = [build.inline for build in builds if build.inline]
    for source in (one for one in sources if one not in yamls):
        own = [one for one in builds if (one.dockerfile or "Dockerfile") == source.path]
        given = [{}, *(one.args for one in own if one.args)]
        dockerfiles += [read_dockerfile(source, args) for args in given]
    for one in dockerfiles:
        references += one.references
        structure += [(i.keyword, i.span.line, i.stage) for i in one.instructions]
        structure += [(s.name, s.parent, s.span.line) for s in one.stages]
    return references, dockerfiles, structure


def rewrite_all(sources, move=cern):
    """Return the files with their new texts, the plan, and the structure."""
    references, dockerfiles, structure = read(sources)
    moved = [move(one.image) if one.image else (None, False) for one in references]
    wanted = [Wanted(one, *to) for one, to in zip(references, moved)]
    plan = plan_edits(wanted, dockerfiles)

    def change(texts):
        return [one.changed(texts.get(one.path, one.text)) for one in sources]

    changed = check_edits(plan, lambda texts: read(change(texts))[0])
    return change({source.path: text for source, text in changed}), plan, structure


def rewrite(data, path="Dockerfile", move=cern):
    """Return a file's new bytes, and the plan; a second run changes nothing."""
    (changed,), plan, structure = rewrite_all([Source.from_bytes(path, data)], move)
    (again,), second, structure_again = rewrite_all([changed], move)
    assert (again.text, second.edits) == (changed.text, ())
    assert structure_again == structure
    return changed.to_bytes(), plan


def twins(text):
    """Yield a file as it is, with CRLF, and with a byte order mark."""
    plain = text.encode("utf-8", "surrogateescape")
    return plain, plain.replace(b"\n", b"\r\n"), codecs.BOM_UTF8 + plain


def check_rewritten(before, after, path="Dockerfile", move=cern):
    for data, expected in zip(twins(before), twins(after)):
        changed, plan = rewrite(data, path, move)
        assert changed == expected
        assert plan.left == ()


def check_left(text, reason, path="Dockerfile", move=cern):
    for data in twins(text):
        changed, plan = rewrite(data, path, move)
        assert changed == data
        assert plan.left
        assert all(reason in left.reason for left in plan.left), plan.left


def rows(names, table):
    return pytest.mark.parametrize(names, table.values(), ids=table)


@rows(
    "text",
    {
        "blanks, lower case": f"  \tfrom\t {OLD}  \n",
        "stages": f"FROM {OLD} AS base\nFROM base\nFROM {OLD} as two\n",
        "quotes": f'FROM "{OLD}" AS x\n',
        "comments inside": f"FROM \\\n# {OLD[:8]}\n\n  {OLD} \\\n AS x\n",
        "COPY --from": f"FROM {OLD}\nCOPY --chown=a --from={OLD} /a /b\n",
        "mount": f"FROM x:1\nRUN --mount=type=bind,from={OLD},target=/x ls\n",
        "ONBUILD": f"FROM x:1\nONBUILD COPY --from={OLD} /a /b\n",
        "Jinja": f"{{% if a %}}\nFROM {OLD}\n{{% else %}}\nFROM y\n",
        "bytes": f"FROM {OLD}\nRUN echo \udce9\udcff\x0b\x85\u2028\n# Zürich\n\n\n",
        "ARG": f'ARG A=1 IMAGE="{OLD}" B=2\nFROM ${{IMAGE}}\nFROM $IMAGE AS b\n',
        "a default in place": f"FROM ${{IMAGE:-{OLD}}}\n",
    },
)
def test_the_same_image_is_taken_to_cern(text):
    check_rewritten(text, text.replace(OLD, NEW))


@rows(
    ("move", "before", "after"),
    {
        "docker.io": (cern, f"FROM docker.io/{OLD}\n", f"FROM {NEW}\n"),
        "digest": (cern, f"FROM {OLD}{DIGEST}\n", f"FROM {NEW}\n"),
        "by place": (
            cern,
            f"FROM {OLD}\nRUN <<E\nFROM {OLD}\nE\nCOPY --from={OLD} /a /b\n# FROM {OLD}\n",
            f"FROM {NEW}\nRUN <<E\nFROM {OLD}\nE\nCOPY --from={NEW} /a /b\n# FROM {OLD}\n",
        ),
        "another image": (alma, f"FROM {NEW} AS x\n", f"FROM {ALMALINUX}:1 AS x\n"),
        "mirror": (HUB, f"FROM x/y{DIGEST}\n", f"FROM h.org:5000/hub/x/y{DIGEST}\n"),
        "mirror, official": (HUB, "FROM r:$V-x", "FROM h.org:5000/hub/library/r:$V-x"),
        "IPv6": (IPV6, "FROM a/b:1", "FROM [::1]:5000/hub/a/b:1"),
    },
)
def test_only_what_is_meant_is_changed(move, before, after):
    check_rewritten(before, after, move=move)


@rows(
    ("path", "text"),
    {
        "commented out": ("Dockerfile", f"# FROM {OLD}\nFROM scratch\n"),
        "there already": ("Dockerfile", f"FROM {NEW}\nFROM {NEW}{DIGEST}\n"),
        "elsewhere": ("Dockerfile", f"FROM ghcr.io/{OLD}\nFROM h.org/hub/{OLD}\n"),
        "not ours": ("Dockerfile", "FROM inveniosoftware2/x:1\nFROM x-python:3.8\n"),
        "commands": ("Dockerfile", f"FROM x\nRUN docker pull {OLD}\nENV B={OLD}\n"),
        "unused ARG": ("Dockerfile", f"ARG I={OLD}\nFROM x\nARG J={OLD}\nFROM $J\n"),
        "YAML, there": ("c.yml", COMPOSE.format(NEW)),
        "YAML, others": ("c.yml", f"# image: {OLD}\n" + COMPOSE.format("redis:7")),
        "YAML, Jinja": ("c.yml", f"a: {{{{ x }}}}\nimage: {OLD}: {{% b %}}\n"),
    },
)
def test_nothing_is_changed(path, text):
    check_rewritten(text, text, path)


USED = f"ARG R=docker.io\nFROM $R/{OLD} AS x\n"
USE = "R (Dockerfile:1:7) is also used at Dockerfile:{}: change it by hand"


@rows(
    ("move", "text", "reason"),
    {
        "needed as it is": (cern, USED + "FROM $R/x\n", USE.format("3:6")),
        "digest only": (cern, "FROM inveniosoftware/x" + DIGEST, "it has a digest"),
        "two lines": (cern, "FROM inveniosoftware/\\\n# why\nx:3\n", "one stretch"),
        "tag variable": (alma, f"ARG V=9\nFROM {ALMALINUX}:$V\n", "V (Dockerfile:1:"),
        "RUN": (cern, USED + "ARG R\nRUN curl https://$R/\n", USE.format("4 by RUN")),
        "heredoc": (cern, USED + "ARG R\nRUN <<E\n$R\nE\n", USE.format("4 by RUN")),
        "LABEL": (cern, USED + "ARG R\nFROM x\nLABEL a=$R", USE.format("5 by LABEL")),
    },
)
def test_what_is_not_safe_is_left(move, text, reason):
    check_left(text, reason, move=move)


@pytest.mark.parametrize("rest", ["RUN echo $R\nARG R", "ARG R=x\nRUN a $R", "RUN $RR"])
def test_a_value_that_no_command_sees_is_changed(rest):
    check_rewritten(USED + rest, (USED + rest).replace("docker.io", "registry.cern.ch"))


def test_a_dropped_digest_is_told():
    _, plan = rewrite(f"FROM {OLD}{DIGEST}\nFROM {OLD}\n".encode())
    note = "the digest was dropped: it belongs to the old registry"
    assert plan.notes == (f"Dockerfile:1:6: {note}",)


# YAML

INLINE = f"services: {{a: {{build: {{dockerfile_inline: 'FROM {OLD}'}}}}}}\n"
JOB = "x:\n  script: [a]\n  services: [{}]\n"


@rows(
    ("path", "text"),
    {
        "compose": ("c.yml", COMPOSE.format(f'"{OLD}"  # é') + '    x: "a\x85b"'),
        "anchor": ("c.yml", COMPOSE.format(f"&base {OLD}")),
        "flow": ("c.yml", f"services: {{web: {{image: {OLD}}}}}"),
        "GitLab": (".gitlab-ci.yml", f"image: {OLD}\nx:\n  script: [a]\n"),
        "alias": (".gitlab-ci.yml", JOB.format(f"{{name: {OLD}, alias: y}}")),
        "workflow": (
            ".github/workflows/ci.yml",
            f"jobs:\n  x:\n    container: {OLD}\n    steps: [uses: docker://{OLD}]\n",
        ),
    },
)
def test_the_same_image_is_taken_to_cern_in_yaml(path, text):
    check_rewritten(text, text.replace(OLD, NEW), path)


def test_a_registry_of_helm_that_images_share_changes_for_all_or_for_none():
    one = "registry: &h docker.io\nrepository: inveniosoftware/x\ntag: '1'\n"
    text = one + "b: {registry: *h, repository: inveniosoftware/y, tag: '2'}\n"
    after = text.replace("docker.io", "registry.cern.ch")
    check_rewritten(text, after, "values.yaml")
    reason = "registry (values.yaml:1:14) is also used at "
    check_left(text.replace("inveniosoftware/y", "redis"), reason, "values.yaml")
    # Several values change; then one of them is shared.
    after = f"registry: &h {ALMALINUX}\ntag: '1'\n".replace("/inv", "\nrepository: inv")
    check_rewritten(one.replace("'1'", "'2'"), after, "values.yaml", alma)
    check_left(text.replace("docker.io", "a.io"), reason, "values.yaml", alma)
    untagged = one.replace("tag: '1'\n", "")
    tagged = Image("registry.cern.ch", "inveniosoftware/almalinux", "1")
    reason = "there is no tag alongside it"
    check_left(untagged, reason, "values.yaml", lambda _: (tagged, False))


def test_a_name_with_brackets_is_written_in_quotes_only():
    check_left(COMPOSE.format("a/b:1"), "would need quotes", "c.yml", IPV6)
    before, after = COMPOSE.format("'a/b:1'"), COMPOSE.format("'[::1]:5000/hub/a/b:1'")
    check_rewritten(before, after, "c.yml", IPV6)


@rows(
    ("path", "text", "reason"),
    {
        "folded": ("c.yml", COMPOSE.format(f">-\n      {OLD}"), "in one stretch"),
        "an unknown place": ("c.yml", f"a:\n  base: {OLD}\n", "nothing says that its"),
        "inline": ("c.yml", INLINE, "it is in dockerfile_inline"),
        "default": ("c.yml", COMPOSE.format(f"${{I:-{OLD}}}"), "default of a variable"),
        "anchor": (
            "c.yml",
            COMPOSE.format(f"&b {OLD}") + "    x: *b\n",
            "its anchor",
        ),
        "GitLab service": (".gitlab-ci.yml", JOB.format(OLD), "add an alias first"),
    },
)
def test_what_is_not_safe_is_left_in_yaml(path, text, reason):
    check_left(text, reason, path)


# A compose file and what it builds

BUILD = "services:\n  a:\n    build:\n      context: .\n      args: {}\n"
BOTH = f"ARG BASE={OLD}\nFROM $BASE\n"


@rows(
    ("arguments", "text", "reasons"),
    {
        "argument": (f"{{BASE: {OLD}}}", "ARG BASE\nFROM $BASE\n", []),
        "in a list": (f"['BASE={OLD}']", "ARG BASE=x\nFROM $BASE\n", []),
        "only the default": ("{BASE: x}", BOTH, []),
        "only the tag": ("{V: '3.7'}", f"ARG V=3.8\nFROM {OLD[:-4]}:$V\n", []),
        "used by a command": (
            f"{{BASE: {OLD}}}",
            "ARG BASE\nFROM $BASE\nARG BASE\nLABEL base=$BASE\n",
            [
                "BASE (c.yml:5:20) is also used at Dockerfile:4 by LABEL: change it by hand"
            ],
        ),
    },
)
def test_a_build_argument_is_changed_where_it_is_written(arguments, text, reasons):
    before = {"Dockerfile": text, "c.yml": BUILD.format(arguments)}
    changed, plan, _ = rewrite_all([Source(*item) for item in before.items()])
    new = "inveniosoftware/" if reasons else "registry.cern.ch/inveniosoftware/"
    after = {path: old.replace("inveniosoftware/", new) for path, old in before.items()}
    assert {one.path: one.text for one in changed} == after
    assert [one.reason for one in plan.left] == reasons
    assert rewrite_all(changed)[1].edits == ()


# What holds of any file

TOKENS = [
    *("FROM ", "ARG ", "COPY --from=", "RUN ", "\n", "\r\n", "\\\n", " ", "=", "<<E\n"),
    *("# escape=`\n", "--platform=$P ", "$A", "${A:-", "}", " AS x\n", "'", '"', "`"),
    *(OLD, "A=inveniosoftware", "/x:1", ":$V", "V=3.8", "inveniosoftware/", DIGEST),
    *("ARG A\n", "E\n", "\ufeff", "\x85", "\u2028", "\0", "é", "{{ x }}", "a", ":"),
]
MARKUP = [
    *("services:\n", "  a:\n", "    image: ", "\n", "\r\n", "- ", "  ", ": ", OLD),
    *(
        f"'{OLD}'",
        "&a ",
        "*a",
        "<<: *a",
        "!x ",
        ">-\n",
        "|\n",
        "{",
        "}",
        "[",
        "]",
        ", ",
    ),
    *("# ", "    build: .\n", "registry: docker.io\n", "repository: ", "tag: '1'\n"),
    *("---\n", "${A:-", "args:", "script: [a]\n", "\x85", "é", "\t", "image: "),
]


@st.composite
def files(draw):
    """Draw any bytes, and those that look like the file that is named."""
    path = draw(
        st.sampled_from(["Dockerfile", "c.yml", "values.yaml", ".gitlab-ci.yml"])
    )
    tokens = st.sampled_from(TOKENS if path == "Dockerfile" else MARKUP)
    text = "".join(draw(st.lists(tokens, max_size=24)))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig"]))
    return text.encode(encoding, "replace") + draw(st.binary(max_size=3)), path


@given(files())
def test_any_bytes_but_the_names_stay(file):
    data, path = file
    source = Source.from_bytes(path, data)
    changed, plan = rewrite(data, path)
    parts, end = [source.mark], len(source.mark)
    for edit in plan.edits:
        start, stop = (len(source.to_bytes(source.text[:at])) for at in edit.span[1:])
        parts += [data[end:start], edit.new.encode("utf-8", "surrogateescape")]
        end = stop
    assert changed == b"".join([*parts, data[end:]])
