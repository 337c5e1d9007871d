# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the services of a compose file are built from, and which images they run."""

import pytest

from invenio_cli_registry.model import Source
from invenio_cli_registry.readers.variables import join
from invenio_cli_registry.readers.yaml import built_file, read_yaml


def read(text):
    source = Source("compose.yml", text)
    return source, read_yaml(source)


def service(written):
    """Return the one service of a file, given as it is written behind its name."""
    source, found = read(f"services:\n  web: {written}\n")
    (only,) = found.services
    return source, only


@pytest.mark.parametrize(
    ("written", "context", "dockerfile"),
    [
        pytest.param("{build: ./x}", "./x", None, id="text"),
        pytest.param("{build: {context: x}}", "x", None, id="context"),
        pytest.param("{build: {dockerfile: D}}", ".", "D", id="dockerfile"),
        pytest.param("{build: {context: '..', dockerfile: D}}", "..", "D", id="both"),
        pytest.param("{build: {context: ~, dockerfile: }}", ".", None, id="nulls"),
        pytest.param("{build: {}}", ".", None, id="empty"),
        pytest.param("{build: {context: '${C:-x}'}}", "${C:-x}", None, id="variable"),
        pytest.param("{build: &b {context: x}}", "x", None, id="anchor"),
        pytest.param("{build: !override {context: x}}", "x", None, id="override"),
    ],
)
def test_what_is_built(written, context, dockerfile):
    _, found = service(written)
    assert (found.build.context, found.build.dockerfile) == (context, dockerfile)
    assert (dict(found.build.args), found.build.inline) == ({}, None)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("{image: x}", id="image"),
        pytest.param("{build: }", id="null"),
        pytest.param("{build: !reset null}", id="reset"),
        pytest.param("{build: [x]}", id="list"),
        pytest.param("{}", id="empty"),
    ],
)
def test_what_is_not_built(written):
    _, found = service(written)
    assert found.build is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("{A: x, B: '1'}", {"A": "x", "B": "1"}, id="mapping"),
        pytest.param("{A: 3.9, B: true}", {"A": "3.9", "B": "true"}, id="no-texts"),
        pytest.param("{A: , B: ~}", {"A": None, "B": None}, id="null"),
        pytest.param("{A: ''}", {"A": ""}, id="empty"),
        pytest.param("[A=x, 'B=1']", {"A": "x", "B": "1"}, id="list"),
        pytest.param("[A, B=]", {"A": None, "B": ""}, id="list-without-values"),
        pytest.param("[A=b=c]", {"A": "b=c"}, id="list-of-equals"),
        pytest.param("{A: '${V:-x}:1'}", {"A": "x:1"}, id="default"),
        pytest.param("['A=${V-x}']", {"A": "x"}, id="list-default"),
        pytest.param("{A: $V}", {"A": None}, id="no-default"),
        pytest.param("{A: $$V}", {"A": "$V"}, id="dollar"),
        pytest.param("{A: '${V'}", {"A": None}, id="not-closed"),
        pytest.param("['A=x:${V']", {"A": None}, id="list-not-closed"),
        pytest.param("{<<: {A: x}, B: y}", {"A": "x", "B": "y"}, id="merged"),
        pytest.param("{A: [x], B: {c: d}}", {}, id="no-scalars"),
        pytest.param("[[A=x], {A: x}]", {}, id="list-of-no-scalars"),
        pytest.param("{[A]: x}", {}, id="key-of-no-name"),
        pytest.param("A=x", {}, id="text"),
        pytest.param("", {}, id="nothing"),
    ],
)
def test_build_arguments(written, expected):
    _, found = service(f"{{build: {{args: {written} }}}}")
    assert {name: join(pieces) for name, pieces in found.build.args.items()} == expected
    for pieces in found.build.args.values():
        for piece in pieces:
            assert piece.span is None or piece.span.text == piece.text


@pytest.mark.parametrize(
    "args",
    [
        pytest.param("B: inveniosoftware/x:1", id="mapping"),
        pytest.param("B: 'inveniosoftware/x:1'", id="quotes"),
        pytest.param("- B=inveniosoftware/x:1", id="list"),
        pytest.param("- 'B=inveniosoftware/x:1'", id="list-quotes"),
    ],
)
def test_a_build_argument_is_where_it_is_written_and_no_reference(args):
    text = (
        f"# é\U0001f600\r\nservices:\n  a:\n    build:\n      args:\n        {args}\n"
    )
    _, found = read(text)
    (piece,) = found.services[0].build.args["B"]
    assert piece.span.text == piece.text == "inveniosoftware/x:1"
    assert found.references == ()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("a", (None, "a"), id="text"),
        pytest.param("{service: a}", (None, "a"), id="service"),
        pytest.param("{file: o.yml, service: a}", ("o.yml", "a"), id="file"),
        pytest.param("{file: , service: a}", (None, "a"), id="null-file"),
        pytest.param("{file: o.yml}", None, id="no-service"),
        pytest.param("[a]", None, id="list"),
        pytest.param("", None, id="null"),
    ],
)
def test_what_a_service_extends(written, expected):
    _, found = service(f"{{extends: {written} }}")
    assert found.extends == expected


def test_the_image_that_a_service_builds_is_no_reference():
    _, found = read("services:\n  a:\n    build: .\n    image: inveniosoftware/x:1\n")
    assert found.references == ()
    assert found.services[0].image.expanded == "inveniosoftware/x:1"


def test_the_image_of_a_service_that_extends_one_that_builds_is_kept():
    _, found = read(
        "services:\n  a:\n    build: .\n  b:\n    extends: a\n    image: my-site:1\n"
    )
    b = found.services[1]
    assert (b.image.expanded, b.image.service, b.build) == ("my-site:1", "b", None)
    assert found.references == (b.image,)


@pytest.mark.parametrize("null", ["", "~", "null", "!reset null", "[x]", "{x: y}"])
def test_a_service_without_an_image(null):
    _, found = service(f"{{image: {null} }}")
    assert found.image is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("services: [a, b]\n", id="list"),
        pytest.param("services: a\n", id="text"),
        pytest.param("services:\n", id="null"),
        pytest.param("services: {a: text, b: , c: [x]}\n", id="no-mappings"),
        pytest.param("[services]\n", id="sequence"),
        pytest.param("web: {image: x:1}\n", id="version-one"),
    ],
)
def test_no_services(text):
    _, found = read(text)
    assert (found.services, found.references, found.problems) == ((), (), ())


def test_one_that_is_no_mapping_hides_no_other():
    _, found = read("services:\n  a:\n  b: {image: x:1}\n")
    assert [one.name for one in found.services] == ["b"]


def test_services_of_several_documents():
    _, found = read("services: {a: {image: x:1}}\n---\nservices: {b: {build: .}}\n")
    assert [one.name for one in found.services] == ["a", "b"]


def test_an_extension_that_services_merge():
    _, found = read(
        "x-app: &app\n  image: inveniosoftware/x:1\n"
        "services:\n  a: *app\n  b: {<<: *app}\n  c: {<<: [*app], image: y:1}\n"
    )
    assert [one.image.expanded for one in found.services] == [
        "inveniosoftware/x:1",
        "inveniosoftware/x:1",
        "y:1",
    ]
    assert [one.span.text for one in found.references] == [
        "inveniosoftware/x:1",
        "y:1",
    ]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("{b: docker-image://x/y:1, c: ./d, e: 'service:f'}", id="mapping"),
        pytest.param("[b=docker-image://x/y:1, c=./d, e=service:f]", id="list"),
        pytest.param("['b=docker-image://x/y:1', c=./d, e=]", id="quotes"),
    ],
)
def test_build_contexts_that_are_images(written):
    source = Source(
        "c.yml", f"services: {{a: {{build: {{additional_contexts: {written}}}}}}}"
    )
    found = read_yaml(source)
    (image,) = found.services[0].build.contexts
    assert found.services[0].build.names == {"b", "c", "e"}
    assert (image.text, image.expanded, image.span.text) == ("x/y:1", "x/y:1", "x/y:1")
    assert [piece.span.text for piece in image.pieces] == ["x/y:1"]
    assert found.references == ()


INLINE = """# é
services:
  a:
    build:
      args: {B: x/y:1}
      additional_contexts: {assets: ./a}
      dockerfile_inline: %s
    ports: [FROM, c]
"""
BLOCK = "|\n        ARG B\n        FROM $$B AS x\n        RUN <<E\n        from c\n        E\n        COPY --from=assets . .\n        COPY --from=d:1 . .\n"
LINE = '"ARG B\\nFROM $${B} AS x\\nRUN <<E\\nfrom c\\nE\\nCOPY --from=d:1 . ."'


@pytest.mark.parametrize("written", [BLOCK, LINE])
def test_an_inline_dockerfile_is_read_and_changed_by_hand(written):
    _, found = read(INLINE % written)
    inline = found.services[0].build.inline
    assert (inline.path, found.references) == ("compose.yml", ())
    assert [one.expanded for one in inline.references] == ["x/y:1", "d:1"]
    place = inline.references[0].span
    assert "FROM $$" in place.text
    assert place.line == 7
    for one in inline.references:
        assert {one.span, *(step.span for step in inline.instructions)} == {place}
        assert [piece.span for piece in one.pieces] == [None] * len(one.pieces)
        assert one.fixed == "it is in dockerfile_inline: change it by hand"
    assert inline.stages[0].base == inline.references[0]
    (heredoc,) = inline.instructions[2].heredocs
    assert (heredoc.text, heredoc.body) == ("from c\n", place)
    assert inline.instructions[2].place(0, 3) == place


@pytest.mark.parametrize("text", ["|", '""', "[FROM a/b:1]", "~", "|+\n\n\n"])
def test_an_inline_dockerfile_without_images(text):
    _, found = read(INLINE % text)
    inline = found.services[0].build.inline
    assert inline is None or inline.references == ()


@pytest.mark.parametrize(
    ("build", "path"),
    [
        pytest.param("./x", "docker/x/Dockerfile", id="context"),
        pytest.param("{context: .., dockerfile: a/D}", "a/D", id="dockerfile"),
        pytest.param("{context: $X}", "", id="variable"),
        pytest.param("{dockerfile_inline: FROM a}", "", id="inline"),
        pytest.param("null", "", id="nothing"),
    ],
)
def test_the_file_that_a_service_builds(build, path):
    _, found = read(f"services: {{a: {{image: b, build: {build}}}}}")
    assert built_file("docker/compose.yml", found.services[0]) == path
