# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which commands fail already or break on another system, and, more of them, which not."""

import time

import pytest

from invenio_cli_registry.catalog import load
from invenio_cli_registry.readers.model import Heredoc, Instruction
from invenio_cli_registry.readers.source import Span
from invenio_cli_registry.runs.rules import find_breaking


def step(line, start=0, body=None):
    """Make the instruction of one line, with a heredoc's body below it."""
    keyword, _, text = line.partition(" ")
    first = start + len(keyword) + 1
    heredocs = ()
    if body is not None:
        at = first + len(text) + 1
        heredocs = (Heredoc("EOF", Span("Dockerfile", at, at + len(body)), body),)
    return Instruction(
        keyword=keyword,
        start=start,
        end=first + len(text),
        line=1,
        text=text,
        offsets=tuple(range(first, first + len(text))),
        heredocs=heredocs,
        stage=0,
    )


def find(*lines, system="centos7", target=None):
    """Return what is found in lines that follow each other in one build."""
    steps = [
        ("Dockerfile", one if isinstance(one, Instruction) else step(one))
        for one in lines
    ]
    return find_breaking(steps, system, target, load())


def ids(found):
    return [one.rule.id for one in found]


FAILS = [
    pytest.param("RUN yum install -y gcc", "yum install", id="yum-install"),
    pytest.param(
        "RUN yum -y install gcc", "yum -y install", id="option-before-the-verb"
    ),
    pytest.param("RUN yum -y -q install gcc", "yum -y -q install", id="two-options"),
    pytest.param("RUN sudo yum -y install gcc", "yum -y install", id="sudo"),
    pytest.param("RUN sudo -E -u root yum install x", "yum install", id="sudo-options"),
    pytest.param(
        "RUN /usr/bin/yum install x", "/usr/bin/yum install", id="with-its-folder"
    ),
    pytest.param("RUN yum update -y", "yum update", id="update"),
    pytest.param("RUN yum upgrade -y", "yum upgrade", id="upgrade"),
    pytest.param("RUN yum makecache", "yum makecache", id="makecache"),
    pytest.param(
        "RUN yum groupinstall -y 'Development Tools'", "yum groupinstall", id="group"
    ),
    pytest.param(
        "RUN yum group install x", "yum group install", id="group-in-two-words"
    ),
    pytest.param("RUN yum localinstall -y /tmp/x.rpm", "yum localinstall", id="local"),
    pytest.param(
        "RUN yum --setopt=obsoletes=0 install -y x",
        "yum --setopt=obsoletes=0 install",
        id="setopt",
    ),
    pytest.param("RUN dnf install -y gcc", "dnf install", id="dnf"),
    pytest.param("RUN microdnf install gcc", "microdnf install", id="microdnf"),
    pytest.param("RUN dnf module install nodejs:14", "dnf module install", id="module"),
    pytest.param(
        "RUN cd /tmp && yum install -y gcc && ls", "yum install", id="in-a-chain"
    ),
    pytest.param(
        "RUN set -ex; yum install gcc; ls", "yum install", id="after-a-semicolon"
    ),
    pytest.param(
        "RUN if ! yum install x; then exit 1; fi", "yum install", id="in-a-condition"
    ),
    pytest.param(
        "RUN for p in a b; do yum install $p; done", "yum install", id="in-a-loop"
    ),
    pytest.param("RUN (yum install a)", "yum install", id="in-a-subshell"),
    pytest.param("RUN { yum install a; }", "yum install", id="in-braces"),
    pytest.param("RUN yes | yum install gcc", "yum install", id="in-a-pipe"),
    pytest.param("RUN LANG=C yum install gcc", "yum install", id="after-an-assignment"),
    pytest.param("RUN env LANG=C yum install gcc", "yum install", id="after-env"),
    pytest.param(
        "RUN bash -c 'yum install gcc'", "yum install", id="in-a-script-of-bash"
    ),
    pytest.param(
        'RUN bash -lc "ls && yum install gcc"', "yum install", id="login-shell"
    ),
    pytest.param('RUN ["yum", "install", "-y", "gcc"]', "yum install", id="exec-form"),
    pytest.param(
        'RUN ["bash", "-c", "yum install gcc"]',
        "yum install",
        id="exec-form-of-a-shell",
    ),
    pytest.param(
        "RUN --mount=type=cache,target=/c yum install x", "yum install", id="mount"
    ),
    pytest.param("RUN echo a > b; yum install x", "yum install", id="after-an-echo"),
    pytest.param("RUN yum install x || exit 1", "yum install", id="not-ignored"),
    pytest.param(
        "RUN set -e; yum install x; true", "yum install", id="nothing-is-ignored"
    ),
    pytest.param("RUN timeout 60 yum install x", "yum install", id="timeout"),
    pytest.param(
        "RUN yum --enablerepo extras -y install x",
        "yum --enablerepo extras -y install",
        id="value-of-an-option",
    ),
    pytest.param(
        "RUN command -v yum && yum install x", "yum install", id="asked-before"
    ),
    pytest.param(
        "RUN curl -O http://mirror.centos.org/centos/7/x.rpm",
        "http://mirror.centos.org/centos/7/x.rpm",
        id="mirror",
    ),
    pytest.param(
        "ADD http://mirror.centos.org/centos/7/x.rpm /tmp/",
        "http://mirror.centos.org/centos/7/x.rpm",
        id="add",
    ),
]


@pytest.mark.parametrize(("line", "excerpt"), FAILS)
@pytest.mark.parametrize("system", ["centos7", "centos8"])
def test_fails_on_centos(line, excerpt, system):
    (found,) = find(line, system=system)
    assert found.excerpt == excerpt
    assert found.certain


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("RUN echo 'yum install x'", id="printed"),
        pytest.param('RUN echo "yum install x"; ls', id="printed-in-a-chain"),
        pytest.param("RUN printf 'a && yum install x'", id="an-operator-in-quotes"),
        pytest.param("RUN ls # yum install x", id="comment"),
        pytest.param("RUN # yum install x && yum update", id="nothing-but-a-comment"),
        pytest.param("RUN yum clean all", id="clean"),
        pytest.param("RUN yum -y remove gcc", id="remove"),
        pytest.param("RUN yum list installed", id="list"),
        pytest.param("RUN yum --version", id="version"),
        pytest.param("RUN yum-config-manager --enable x", id="another-program"),
        pytest.param("RUN yum install x || true", id="its-failure-is-ignored"),
        pytest.param("RUN yum update -y || :", id="its-failure-is-ignored-shortly"),
        pytest.param(
            "RUN yum --disablerepo='*' localinstall /tmp/x.rpm", id="no-repository"
        ),
        pytest.param("RUN yum install-doc", id="another-verb"),
        pytest.param("RUN yum search install", id="search"),
        pytest.param("RUN yum info install", id="info"),
        pytest.param("RUN yum -q info install", id="info-after-an-option"),
        pytest.param("RUN yum --help install", id="help"),
        pytest.param("RUN yum install --help", id="help-behind"),
        pytest.param("RUN yum -h", id="help-shortly"),
        pytest.param("RUN dnf download --source install", id="download"),
        pytest.param("RUN dnf --enablerepo update clean all", id="value-of-an-option"),
        pytest.param("RUN yum -c /etc/my.conf install x", id="own-configuration"),
        pytest.param("RUN yum --config=/my.conf update", id="own-configuration-long"),
        pytest.param("RUN yum --disablerepo=base,updates install x", id="not-base"),
        pytest.param("RUN yum update -y; true", id="ends-well"),
        pytest.param("RUN yum update -y; yum clean all; :", id="ends-well-later"),
        pytest.param(
            "RUN yum update -y && yum clean all || true", id="a-chain-is-ignored"
        ),
        pytest.param("RUN git clone https://github.com/x/el7-tools", id="git"),
        pytest.param("RUN rpm -i /tmp/x.rpm", id="rpm"),
        pytest.param("RUN pip install yum", id="an-argument"),
        pytest.param("RUN pip install 'yum install'", id="a-quoted-argument"),
        pytest.param("RUN apt-get install yum", id="another-installer"),
        pytest.param("RUN cat /etc/yum.conf", id="a-file"),
        pytest.param("RUN X=$(yum install y)", id="a-substitution-is-not-opened"),
        pytest.param("RUN sed -i s/mirror.centos.org/x/ /a", id="sed"),
        pytest.param(
            "RUN sed -i s,http://mirror.centos.org,x, /a", id="sed-of-an-address"
        ),
        pytest.param("COPY yum install /", id="copy"),
        pytest.param("ENV X=yum install", id="env"),
        pytest.param("LABEL x='yum install y'", id="label"),
        pytest.param("CMD yum install x", id="runs-later"),
        pytest.param("RUN curl -O https://vault.centos.org/7.9.2009/x.rpm", id="vault"),
        pytest.param("RUN curl https://example.org/label7/x.rpm", id="no-el7"),
        pytest.param("RUN pip install x==7", id="pip"),
        pytest.param("RUN", id="no-command"),
    ],
)
@pytest.mark.parametrize("system", ["centos7", "centos8"])
def test_does_not_fail_on_centos(line, system):
    assert find(line, system=system) == ()


@pytest.mark.parametrize(("line", "excerpt"), FAILS)
def test_nothing_fails_on_almalinux(line, excerpt):
    assert find(line, system="almalinux9") == ()


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(
            "RUN sed -i 's|#baseurl=http://mirror.centos.org|baseurl=http://vault.centos.org|' /etc/yum.repos.d/CentOS-*",
            id="sed",
        ),
        pytest.param(
            "RUN curl -o /etc/yum.repos.d/CentOS-Base.repo https://example.org/7.repo",
            id="curl",
        ),
        pytest.param(
            "RUN cat base.repo > /etc/yum.repos.d/CentOS-Base.repo", id="redirection"
        ),
        pytest.param("RUN rm -f /etc/yum.repos.d/*", id="no-repositories-left"),
        pytest.param("COPY repos/ /etc/yum.repos.d/", id="copy"),
        pytest.param(
            r"RUN sed -i 's|mirror\.centos\.org|vault\.centos\.org|g' /etc/yum.repos.d/CentOS-*.repo",
            id="sed-with-escaped-dots",
        ),
        pytest.param(
            r"RUN perl -pi -e 's{mirror.centos.org}{archive.kernel.org\/centos-vault}' /etc/yum.repos.d/x.repo",
            id="perl",
        ),
        pytest.param(
            "RUN sed -i 's,mirror.centos.org,linuxsoft.cern.ch,' /etc/yum.repos.d/CentOS-Base.repo",
            id="sed-to-another-mirror",
        ),
        pytest.param(
            "RUN sed --in-place=.old -f mend.sed /etc/yum.repos.d/CentOS-Base.repo",
            id="sed-with-a-script",
        ),
        pytest.param(
            "RUN sed -i 's/enabled=1/enabled=0/' /etc/yum.repos.d/CentOS-Base.repo",
            id="disabled",
        ),
        pytest.param(
            "RUN find /etc/yum.repos.d -name '*.repo' -exec sed -i s/mirror/x/ {} +",
            id="find-exec",
        ),
        pytest.param(
            "RUN find /etc/yum.repos.d -type f | xargs sed -i s,mirror.centos.org,x.org,",
            id="xargs",
        ),
        pytest.param("RUN cat x | tee /etc/yum.repos.d/x.repo", id="tee"),
        pytest.param("RUN cp x.repo /etc/yum.repos.d/", id="cp"),
        pytest.param("RUN mv /etc/yum.repos.d/CentOS-Base.repo /tmp", id="mv"),
        pytest.param("RUN cd /etc/yum.repos.d && sed -i s/a/b/ *.repo", id="cd"),
        pytest.param("WORKDIR /etc/yum.repos.d", id="workdir"),
        pytest.param(
            "RUN for f in /etc/yum.repos.d/*.repo; do sed -i s/a/b/ $f; done", id="for"
        ),
        pytest.param(
            "RUN curl -fsSLo /etc/yum.repos.d/x.repo https://e.org/x", id="curl-flags"
        ),
        pytest.param("RUN wget -P /etc/yum.repos.d http://e.org/x.repo", id="wget"),
        pytest.param(
            "RUN curl -L https://e.org/7.repo --output /etc/yum.repos.d/x.repo",
            id="curl-output",
        ),
        pytest.param("COPY x.repo /etc/yum.repos.d/", id="copy-of-one"),
        pytest.param('COPY ["x.repo", "/etc/yum.repos.d/"]', id="copy-as-a-list"),
        pytest.param("COPY --from=x /a /etc/yum.repos.d/", id="copy-from-a-stage"),
        pytest.param(
            "RUN echo baseurl=http://x.org >> /etc/yum.repos.d/x.repo", id="echo"
        ),
        pytest.param("RUN yum-config-manager --disable base updates", id="manager"),
        pytest.param("ADD CentOS-Base.repo /etc/yum.repos.d/", id="add"),
        pytest.param(
            "RUN sed -i s,x,https://archive.kernel.org/centos-vault, /a",
            id="another-vault",
        ),
    ],
)
def test_nothing_fails_with_the_vault(before):
    found = find(before, "RUN yum install -y gcc", "RUN yum update -y")
    assert "centos-mirrors" not in ids(found)


def test_nothing_fails_with_the_vault_in_the_same_run():
    assert (
        find("RUN sed -i s/mirror.centos.org/vault.centos.org/ /a && yum install x")
        == ()
    )


def test_nothing_fails_with_the_vault_in_a_heredoc():
    before = step("COPY <<EOF /x.repo", body="baseurl=http://vault.centos.org/\n")
    assert find(before, "RUN yum install x") == ()


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(
            "RUN curl -o /etc/yum.repos.d/yarn.repo https://example.org/yarn.repo",
            id="another-repository",
        ),
        pytest.param(
            "RUN yum install -y https://vault.centos.org/7.9.2009/x.rpm",
            id="one-package",
        ),
        pytest.param(
            "RUN sed -i s/enabled=0/enabled=1/ /etc/yum.repos.d/CentOS-PowerTools.repo",
            id="enabled",
        ),
        pytest.param("COPY yum.conf /etc/yum.conf", id="copy"),
        pytest.param("ENV X=http://vault.centos.org", id="env"),
        pytest.param("ARG X=http://vault.centos.org", id="arg"),
        pytest.param("LABEL x=vault.centos.org", id="label"),
        pytest.param("RUN echo 'use vault.centos.org'", id="printed"),
        pytest.param("RUN curl -O https://vault.centos.org/x.rpm", id="downloaded"),
        pytest.param("RUN ls /etc/yum.repos.d", id="ls"),
        pytest.param("RUN cat /etc/yum.repos.d/CentOS-Base.repo", id="cat"),
        pytest.param("RUN sed -n p /etc/yum.repos.d/CentOS-Base.repo", id="sed-prints"),
        pytest.param("RUN find /etc/yum.repos.d -type f", id="find"),
        pytest.param("RUN cp /etc/yum.repos.d/CentOS-Base.repo /tmp/x", id="cp-from"),
        pytest.param("COPY --from=x /etc/yum.repos.d/a /tmp/a", id="copy-from"),
        pytest.param("RUN yum-config-manager --enable x", id="manager-enables"),
    ],
)
def test_fails_all_the_same(before):
    assert find(before, "RUN yum install gcc")[-1].excerpt == "yum install"


def test_the_vault_comes_too_late():
    found = find(
        "RUN yum install x",
        "RUN sed -i s/mirror/vault.centos.org/ /a",
        "RUN yum install y",
    )
    assert [one.command.text for one in found] == ["yum install x"]


def test_the_message_names_the_system_and_the_day():
    (seven,), (eight,) = (
        find("RUN yum update"),
        find("RUN yum update", system="centos8"),
    )
    assert seven.message == "CentOS 7's mirrors closed 2024-07-01"
    assert eight.message == "CentOS 8's mirrors closed 2022-01-31"
    assert "vault.centos.org" in seven.instead


def test_the_place_is_the_commands():
    (found,) = find(step("RUN cd /tmp &&  yum   -y install gcc", start=100))
    assert found.path == "Dockerfile"
    assert found.offset == 100 + len("RUN cd /tmp &&  ")
    assert found.excerpt == "yum -y install"


def test_the_place_in_a_script_of_a_shell():
    line = "RUN bash -c 'ls; yum install gcc'"
    assert find(line)[0].offset == line.index("yum")


def test_the_place_in_a_heredoc():
    one = step("RUN <<EOF", start=10, body="set -e\nyum install gcc\n")
    (found,) = find(one)
    assert found.offset == one.heredocs[0].body.start + len("set -e\n")


def test_every_failing_command_of_a_line_is_named():
    assert len(find("RUN yum install a && yum install b && yum clean all")) == 2


@pytest.mark.parametrize(
    ("line", "body"),
    [
        pytest.param("RUN <<EOF", "yum install x\n", id="script"),
        pytest.param("RUN <<EOF", "#!/bin/bash\nyum install x\n", id="shebang"),
        pytest.param("RUN bash -e <<EOF", "yum install x\n", id="shell"),
        pytest.param(
            "RUN <<-EOF", "\tyum install \\\n\t  x\n", id="tabs-and-continuation"
        ),
        pytest.param("RUN <<EOF", "# yum update\nyum install x # y\n", id="comments"),
    ],
)
def test_fails_in_a_heredoc(line, body):
    assert ids(find(step(line, body=body))) == ["centos-mirrors"]


@pytest.mark.parametrize(
    ("line", "body"),
    [
        pytest.param("RUN python3 <<EOF", "yum install x\n", id="read-by-python"),
        pytest.param(
            "RUN <<EOF", "#!/usr/bin/env python3\nyum install x\n", id="shebang"
        ),
        pytest.param("RUN cat <<EOF > /x", "yum install x\n", id="a-file"),
        pytest.param("COPY <<EOF /x", "yum install x\n", id="copy"),
        pytest.param("RUN <<EOF", "# yum install x\n", id="comment"),
        pytest.param("RUN <<EOF", "echo '\nyum install x\n'\n", id="a-line-in-quotes"),
        pytest.param("RUN <<EOF", "", id="empty"),
    ],
)
def test_does_not_fail_in_a_heredoc(line, body):
    assert find(step(line, body=body)) == ()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "RUN rpm -Uvh https://linuxsoft.cern.ch/wlcg/centos7/wlcg-1.0-1.el7.noarch.rpm",
            id="el7",
        ),
        pytest.param(
            "RUN rpm -i https://dl.fedoraproject.org/pub/epel/epel-release-latest-7.noarch.rpm",
            id="epel",
        ),
        pytest.param("RUN curl -O https://example.org/el/8/x.rpm", id="curl"),
        pytest.param("ADD https://example.org/x.el7.x86_64.rpm /tmp/", id="add"),
        pytest.param(
            "RUN rpm -i https://example.org/cc-7-x86_64/x.rpm", id="cern-centos"
        ),
        pytest.param("RUN rpm -i https://example.org/EL-7-x86_64/x.rpm", id="capitals"),
    ],
)
def test_an_address_for_centos_is_only_asked_about(line):
    (found,) = find(line)
    assert not found.certain
    assert found.excerpt.startswith("https://")
    assert found.instead == "ask if it lives"


ALMALINUX = [
    pytest.param(
        "RUN rpm -i https://example.org/x.el7.rpm",
        "el-rpm",
        "https://example.org/x.el7.rpm",
        id="el7-rpm",
    ),
    pytest.param(
        "RUN yum install -y https://example.org/x-1.el8.x86_64.rpm",
        "el-rpm",
        "https://example.org/x-1.el8.x86_64.rpm",
        id="el8-rpm",
    ),
    pytest.param(
        "RUN yum install https://e.org/epel-release-latest-7.noarch.rpm",
        "el-rpm",
        "https://e.org/epel-release-latest-7.noarch.rpm",
        id="epel-7",
    ),
    pytest.param(
        "RUN yum install /tmp/x-1.el7.noarch.rpm",
        "el-rpm",
        "/tmp/x-1.el7.noarch.rpm",
        id="el7-file",
    ),
    pytest.param("COPY x-1.el7.rpm /tmp/", "el-rpm", "x-1.el7.rpm", id="el7-copy"),
    pytest.param(
        "RUN yum install http://mirror.centos.org/centos/8/x.rpm",
        "centos-address",
        "http://mirror.centos.org/centos/8/x.rpm",
        id="mirror",
    ),
    pytest.param(
        "RUN curl -O https://vault.centos.org/7.9.2009/x.rpm",
        "centos-address",
        "https://vault.centos.org/7.9.2009/x.rpm",
        id="vault",
    ),
    pytest.param(
        "RUN sed -i s/mirror/vault/ /etc/yum.repos.d/CentOS-*",
        "centos-repositories",
        "/etc/yum.repos.d/CentOS-*",
        id="sed-of-repositories",
    ),
    pytest.param(
        "COPY CentOS-Base.repo /etc/yum.repos.d/",
        "centos-repositories",
        "CentOS-Base.repo",
        id="repository-file",
    ),
    pytest.param(
        "RUN yum install -y rh-python36",
        "software-collections",
        "rh-python36",
        id="scl-python",
    ),
    pytest.param(
        "RUN yum install -y python36u-devel",
        "software-collections",
        "python36u-devel",
        id="ius-python",
    ),
    pytest.param(
        "RUN yum install -y devtoolset-9-gcc",
        "software-collections",
        "devtoolset-9-gcc",
        id="devtoolset",
    ),
    pytest.param(
        "RUN yum install centos-release-scl",
        "software-collections",
        "centos-release-scl",
        id="scl-repository",
    ),
    pytest.param(
        "RUN scl enable httpd24 'make'",
        "software-collections",
        "scl enable httpd24",
        id="scl-enable",
    ),
    pytest.param(
        "ENV PATH=/opt/rh/rh-python36/root/usr/bin:$PATH",
        "software-collections",
        "/opt/rh/rh-python36/root/usr/bin",
        id="scl-path",
    ),
    pytest.param(
        "RUN echo 'source /opt/rh/rh-python36/enable' >> /etc/bashrc",
        "software-collections",
        "/opt/rh/rh-python36/enable",
        id="scl-in-a-written-file",
    ),
    pytest.param(
        "RUN dnf config-manager --set-enabled PowerTools",
        "powertools",
        "PowerTools",
        id="powertools",
    ),
    pytest.param(
        "RUN yum --enablerepo=powertools install -y x",
        "powertools",
        "powertools",
        id="powertools-option",
    ),
    pytest.param(
        "RUN ln -s /usr/bin/python3.6 /usr/bin/python",
        "old-python",
        "/usr/bin/python3.6",
        id="python-path",
    ),
    pytest.param(
        "RUN python3.8 -m pip install x", "old-python", "python3.8", id="python-command"
    ),
    pytest.param("RUN pip3.7 install x", "old-python", "pip3.7", id="pip-command"),
    pytest.param(
        "RUN yum install -y python36-devel",
        "old-python-package",
        "python36-devel",
        id="python-package",
    ),
    pytest.param(
        'CMD ["python3.6", "app.py"]', "old-python", "python3.6", id="python-in-cmd"
    ),
    pytest.param(
        "COPY x /usr/local/lib/python3.8/site-packages/x",
        "old-python",
        "/usr/local/lib/python3.8/site-packages/x",
        id="python-folder",
    ),
    pytest.param(
        "RUN rm -rf /usr/lib/python3.6/site-packages/x",
        "site-packages",
        "/usr/lib/python3.6/site-packages/x",
        id="site-packages",
    ),
    pytest.param(
        "ENV PYTHONPATH=/usr/lib64/python3.9/site-packages",
        "system-site-packages",
        "/usr/lib64/python3.9/site-packages",
        id="site-packages-of-3.9",
    ),
    pytest.param(
        "RUN npm install -g node-sass@4.14.1",
        "node-sass",
        "node-sass@4.14.1",
        id="node-sass",
    ),
    pytest.param(
        "RUN npm i node-sass@^4", "node-sass", "node-sass@^4", id="node-sass-range"
    ),
    pytest.param(
        "RUN curl -sL https://rpm.nodesource.com/setup_14.x | bash -",
        "old-nodesource",
        "https://rpm.nodesource.com/setup_14.x",
        id="nodesource-14",
    ),
    pytest.param(
        "RUN curl -sL https://rpm.nodesource.com/setup_6.x | bash -",
        "old-nodesource",
        "https://rpm.nodesource.com/setup_6.x",
        id="nodesource-6",
    ),
    pytest.param(
        "RUN pip install 'setuptools<58'", "old-pins", "setuptools<58", id="setuptools"
    ),
    pytest.param("RUN pip install pip==20.2.4", "old-pins", "pip==20.2.4", id="pip"),
]


@pytest.mark.parametrize(("line", "rule", "excerpt"), ALMALINUX)
@pytest.mark.parametrize("system", ["centos7", "centos8"])
def test_breaks_on_almalinux(line, rule, excerpt, system):
    (found,) = find(line, system=system, target="almalinux9")
    assert (found.rule.id, found.excerpt) == (rule, excerpt)
    assert line[found.offset :].startswith(excerpt)


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("RUN yum install -y gcc", id="yum"),
        pytest.param("RUN yum install -y epel-release", id="epel"),
        pytest.param(
            'RUN yum groupinstall -y "Development Tools"', id="development-tools"
        ),
        pytest.param("RUN yum install -y ImageMagick", id="imagemagick"),
        pytest.param(
            "RUN yum install -y xmlsec1-devel xmlsec1-openssl-devel", id="xmlsec"
        ),
        pytest.param("RUN yum install -y dejavu-sans-fonts", id="fonts"),
        pytest.param("RUN yum update -y && yum clean all", id="update"),
        pytest.param(
            "RUN yum install -y openldap-devel libtool-ltdl-devel", id="devel"
        ),
        pytest.param("RUN dnf config-manager --set-enabled crb", id="crb"),
        pytest.param(
            "RUN dnf install -y python3.9 python3.12", id="python-that-is-there"
        ),
        pytest.param("RUN dnf install -y python3-devel python39", id="python-names"),
        pytest.param("RUN python3.9 -m pip install x", id="python-3.9"),
        pytest.param("RUN python3 -m pip install x", id="python3"),
        pytest.param("RUN pip3 install x", id="pip3"),
        pytest.param("RUN pip install x==3.8", id="a-version"),
        pytest.param(
            "RUN pip install python3-saml==1.3.8", id="a-package-called-python3"
        ),
        pytest.param("ENV PYTHON_VERSION=3.8", id="a-variable"),
        pytest.param(
            "RUN rm -rf /usr/local/lib/python3.9/site-packages/x",
            id="local-site-packages",
        ),
        pytest.param("RUN rpm -i https://example.org/x.el9.x86_64.rpm", id="el9"),
        pytest.param(
            "RUN rpm -i https://e.org/epel-release-latest-9.noarch.rpm", id="epel-9"
        ),
        pytest.param("RUN curl https://example.org/level7/x.tar.gz", id="no-el7"),
        pytest.param("RUN curl https://example.org/x-1.el77.tar.gz", id="no-el77"),
        pytest.param(
            "RUN curl -o /etc/yum.repos.d/yarn.repo https://example.org/yarn.repo",
            id="a-repository",
        ),
        pytest.param(
            "RUN curl -sL https://rpm.nodesource.com/setup_16.x | bash -",
            id="nodesource-16",
        ),
        pytest.param(
            "RUN curl -sL https://rpm.nodesource.com/setup_20.x | bash -",
            id="nodesource-20",
        ),
        pytest.param("RUN npm install -g node-sass@9", id="node-sass-9"),
        pytest.param("RUN npm install -g sass@1.4", id="sass"),
        pytest.param("RUN npm install @x/node-sass@4", id="scoped"),
        pytest.param("RUN pip install 'setuptools<82'", id="setuptools-82"),
        pytest.param("RUN pip install -U pip==22.0 pip", id="pip-22"),
        pytest.param("RUN pip install my-pip==1.0", id="my-pip"),
        pytest.param("RUN echo 'rh-python36 and python3.6'", id="printed"),
        pytest.param("RUN ls # python3.6", id="comment"),
        pytest.param("LABEL python=python3.6", id="label"),
        pytest.param(
            "COPY --from=build /usr/lib/python3.6/site-packages /s", id="from-a-stage"
        ),
        pytest.param(
            "COPY --chown=1:1 --from=x /usr/bin/python3.6 /s", id="from-after-a-flag"
        ),
        pytest.param("RUN rm -f /etc/yum.repos.d/CentOS*", id="rm"),
        pytest.param("RUN rm -rf /usr/bin/python3.6", id="rm-of-python"),
        pytest.param(
            "RUN curl -o /etc/yum.repos.d/CentOS-Base.repo https://e.org/9", id="curl"
        ),
        pytest.param("RUN cat x > /etc/yum.repos.d/CentOS-Base.repo", id="written"),
        pytest.param("RUN ls /usr/lib/python3.9/site-packages", id="folder-of-3.9"),
        pytest.param("RUN sed -i 's/python3.6/python3/' setup.py", id="sed-of-python"),
        pytest.param("RUN git checkout python3.6", id="branch"),
        pytest.param("RUN touch python3.6", id="touch"),
        pytest.param("RUN find / -name python3.6 -delete", id="find"),
        pytest.param("RUN git clone https://github.com/x/el7-tools", id="clone"),
        pytest.param("RUN curl https://e.org/python3.6/x.tgz", id="address"),
        pytest.param("RUN pipenv install --deploy --system", id="pipenv"),
        pytest.param(
            "RUN alternatives --set python /usr/bin/python3.9", id="alternatives"
        ),
    ],
)
@pytest.mark.parametrize("system", ["centos7", "centos8"])
def test_does_not_break_on_almalinux(line, system):
    assert find(line, system=system, target="almalinux9") == ()


@pytest.mark.parametrize(("line", "rule", "excerpt"), ALMALINUX)
def test_almalinux_does_not_move_to_itself(line, rule, excerpt):
    found = find(line, system="almalinux9", target="almalinux9")
    assert found == ()


def test_an_old_python_of_ones_own_does_not_break():
    own = "RUN curl https://www.python.org/ftp/python/3.8.19/x.tgz | tar xz && make altinstall"
    found = find(own, "RUN python3.8 -m pip install x", target="almalinux9")
    assert found == ()


@pytest.mark.parametrize(
    ("line", "excerpts"),
    [
        pytest.param(
            "RUN yum install a.el7.rpm b.el8.rpm", ["a.el7.rpm", "b.el8.rpm"], id="rpm"
        ),
        pytest.param(
            "RUN pip install 'setuptools<58' pip==20.2.4",
            ["setuptools<58", "pip==20.2.4"],
            id="pins",
        ),
        pytest.param(
            "RUN yum install rh-python36 devtoolset-7 git",
            ["rh-python36", "devtoolset-7"],
            id="collections",
        ),
        pytest.param(
            "ENV A=/usr/bin/python3.6 B=/usr/bin/pip3.6",
            ["/usr/bin/python3.6", "/usr/bin/pip3.6"],
            id="env",
        ),
        pytest.param(
            "RUN curl http://mirror.centos.org/a http://vault.centos.org/b",
            ["http://mirror.centos.org/a", "http://vault.centos.org/b"],
            id="addresses",
        ),
        pytest.param("RUN echo $(python3.6 -V)", ["python3.6"], id="substitution"),
        pytest.param(
            "HEALTHCHECK --interval=9s CMD python3.8 -m x", ["python3.8"], id="health"
        ),
    ],
)
def test_each_place_of_a_command_is_named(line, excerpts):
    found = find(line, target="almalinux9")
    assert [one.excerpt for one in found] == excerpts


def test_of_very_many_places_each_is_named():
    line = "RUN yum install " + "python36 x.el7.rpm " * 10_000
    assert len(find(line, target="almalinux9")) == 20_000


@pytest.mark.parametrize(
    "text",
    ["yum install\n", "pip install ", "apt install pip ", "apt-get install x && "],
)
@pytest.mark.parametrize("line", ["RUN {}", "RUN <<EOF\n{}\nEOF"])
def test_what_lifts_a_rule_is_sought_in_no_time(text, line):
    for characters in (19_000, 200_000):
        found = line.format(text * (characters // len(text)))
        started = time.process_time()
        find(found, system="almalinux9", target="debian13")
        assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("line", "certain"),
    [
        pytest.param("ENV X=/usr/lib/python3.9/site-packages", False, id="3.9"),
        pytest.param("ENV X=/usr/lib/python3.6/site-packages", True, id="3.6"),
    ],
)
def test_the_python_of_almalinux_has_its_folder(line, certain):
    assert find(line, target="almalinux9")[0].certain is certain


def test_of_two_rules_in_one_place_the_first_speaks():
    found = find("RUN yum install rh-python36 && python3.6 -V", target="almalinux9")
    assert ids(found) == ["software-collections", "old-python"]


DEBIAN = [
    pytest.param(
        "RUN dnf install -y python3.12 python3.12-devel",
        "drop it, 14-debian has 3.14",
        id="python",
    ),
    pytest.param(
        "RUN dnf install -y nodejs npm", "drop it, 14-debian has Node 24", id="node"
    ),
    pytest.param(
        "RUN yum install -y python38 python311-devel",
        "drop it, 14-debian has 3.14",
        id="python-without-a-dot",
    ),
    pytest.param(
        "RUN yum install -y python3-saml",
        "look up on Debian: python3-saml",
        id="a-package-called-python3",
    ),
    pytest.param(
        "RUN dnf install -y epel-release", "drop it, Debian has no EPEL", id="epel"
    ),
    pytest.param(
        "RUN yum install -y xmlsec1-devel ImageMagick",
        "apt-get update && apt-get install -y libxmlsec1-dev imagemagick",
        id="names",
    ),
    pytest.param(
        "RUN yum groupinstall -y 'Development Tools'",
        "apt-get update && apt-get install -y build-essential",
        id="group",
    ),
    pytest.param(
        "RUN yum install -y gcc python3.9",
        "apt-get update && apt-get install -y gcc; drop python3.9 (14-debian has 3.14)",
        id="some-dropped",
    ),
    pytest.param(
        "RUN yum install -y gcc xrootd",
        "apt-get update && apt-get install -y gcc; look up on Debian: xrootd",
        id="some-unknown",
    ),
    pytest.param(
        "RUN yum install -y xrootd", "look up on Debian: xrootd", id="unknown"
    ),
    pytest.param(
        "RUN yum install -y xmlsec1-devel xmlsec1-openssl-devel",
        "apt-get update && apt-get install -y libxmlsec1-dev",
        id="each-name-once",
    ),
    pytest.param(
        "RUN yum install -y $PACKAGES", "look up on Debian: $PACKAGES", id="variable"
    ),
    pytest.param(
        "RUN dnf update -y", "apt-get update && apt-get upgrade -y", id="update"
    ),
    pytest.param("RUN dnf -y clean all", "rm -rf /var/lib/apt/lists/*", id="clean"),
    pytest.param("RUN dnf config-manager --set-enabled crb", "drop it", id="crb"),
    pytest.param("RUN yum-config-manager --enable x", "drop it", id="config-manager"),
    pytest.param("RUN dnf module enable nodejs:20", "drop it", id="module"),
    pytest.param("RUN rpm -i /tmp/x.el9.rpm", "apt-get", id="rpm"),
    pytest.param("RUN dnf makecache", "apt-get update", id="makecache"),
    pytest.param("RUN yum -y check-update", "apt-get update", id="check-update"),
    pytest.param("RUN dnf autoremove -y gcc", "apt-get remove", id="autoremove"),
    pytest.param("RUN rpm -q gcc", "dpkg -s", id="query"),
    pytest.param("RUN rpm -qa", "dpkg -s", id="query-all"),
    pytest.param("RUN dnf list installed", "dpkg -s", id="list"),
    pytest.param(
        "RUN rpm --import https://e.org/key",
        "a keyring file in /etc/apt/keyrings",
        id="key",
    ),
    pytest.param("RUN X=$(rpm -E %rhel)", "VERSION_ID in /etc/os-release", id="macro"),
    pytest.param(
        "RUN echo $(dnf install -y git)",
        "apt-get update && apt-get install -y git",
        id="substitution",
    ),
    pytest.param(
        "RUN timeout 60 dnf install -y git",
        "apt-get update && apt-get install -y git",
        id="timeout",
    ),
    pytest.param(
        "RUN dnf --enablerepo crb install -y git",
        "apt-get update && apt-get install -y git",
        id="value-of-an-option",
    ),
    pytest.param(
        "RUN dnf install -y --enablerepo crb git",
        "apt-get update && apt-get install -y git",
        id="value-behind-the-verb",
    ),
    pytest.param(
        "RUN dnf install -y xmlsec1-devel.x86_64 git.noarch",
        "apt-get update && apt-get install -y libxmlsec1-dev git",
        id="architecture",
    ),
    pytest.param(
        "HEALTHCHECK CMD python3.9 -c x", "python3, or python3.14", id="health"
    ),
    pytest.param("RUN dnf remove -y gcc", "apt-get remove", id="remove"),
    pytest.param(
        "RUN microdnf install gcc",
        "apt-get update && apt-get install -y gcc",
        id="microdnf",
    ),
    pytest.param(
        "RUN alternatives --set python /usr/bin/python3.12",
        "drop it for Python, 14-debian has 3.14; else update-alternatives",
        id="alternatives",
    ),
    pytest.param(
        "RUN curl -o /tmp/x.rpm https://example.org/x",
        "Debian's own package, if there is one",
        id="rpm-file",
    ),
    pytest.param(
        "ADD https://example.org/x.el9.rpm /tmp/",
        "Debian's own package, if there is one",
        id="el9-rpm",
    ),
    pytest.param(
        "COPY x.repo /etc/yum.repos.d/",
        "drop it, or Debian's own line",
        id="repository-file",
    ),
    pytest.param(
        "RUN curl -sL https://rpm.nodesource.com/setup_20.x | bash -",
        "drop it, Node 24 of 14-debian takes its place",
        id="nodesource",
    ),
    pytest.param(
        "RUN python3.12 -m pip install x", "python3, or python3.14", id="python-command"
    ),
    pytest.param(
        "ENV PYTHONPATH=/usr/local/lib/python3.9/site-packages",
        "python3, or python3.14",
        id="site-packages",
    ),
    pytest.param("RUN ls /usr/lib64/libxml2.so", "the path on Debian", id="lib64"),
    pytest.param(
        "RUN update-ca-trust extract",
        "/usr/local/share/ca-certificates/*.crt, then update-ca-certificates",
        id="certificates",
    ),
    pytest.param(
        "COPY ca.pem /etc/pki/ca-trust/source/anchors/",
        "/usr/local/share/ca-certificates/*.crt, then update-ca-certificates",
        id="certificate-file",
    ),
]


@pytest.mark.parametrize(("line", "instead"), DEBIAN)
@pytest.mark.parametrize("system", ["centos7", "centos8", "almalinux9"])
def test_breaks_on_debian(line, instead, system):
    found = find(line, system=system, target="debian13")
    assert [one.instead for one in found] == [instead]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("RUN apt-get update && apt-get install -y python3.14", id="apt"),
        pytest.param("RUN uv sync --frozen", id="uv"),
        pytest.param("RUN python3 -m pip install x", id="python3"),
        pytest.param("RUN python3.14 -m pip install x", id="python-3.14"),
        pytest.param(
            "RUN update-alternatives --set editor /usr/bin/vim",
            id="update-alternatives",
        ),
        pytest.param("RUN update-ca-certificates", id="certificates"),
        pytest.param("RUN rm -rf /var/cache/dnf", id="cache"),
        pytest.param("RUN echo 'dnf install x'", id="printed"),
        pytest.param("RUN ls # dnf install x", id="comment"),
        pytest.param("RUN pip install rpm", id="an-argument"),
        pytest.param(
            "RUN curl -sL https://deb.nodesource.com/setup_24.x | bash -",
            id="nodesource",
        ),
        pytest.param("RUN ls /usr/lib/x86_64-linux-gnu", id="libraries"),
        pytest.param("RUN pip install x==3.9", id="a-version"),
        pytest.param("RUN mkdir dnf && cd dnf", id="a-folder"),
        pytest.param(
            "RUN curl https://example.org/rpm/x.tar.gz", id="an-address-with-rpm"
        ),
        pytest.param("COPY site ./site", id="copy"),
        pytest.param("ENV NODE_OPTIONS=--max-old-space-size=8192", id="env"),
        pytest.param("WORKDIR /opt/invenio", id="workdir"),
        pytest.param("COPY --from=build /usr/lib64/x /y", id="from-a-stage"),
        pytest.param(
            "COPY --from=python:3.12 /usr/local/lib/python3.12 /z", id="from-an-image"
        ),
        pytest.param("RUN command -v dnf", id="command-v"),
        pytest.param("RUN command -V dnf", id="command-capital-v"),
        pytest.param("RUN which dnf", id="which"),
        pytest.param("RUN type dnf", id="type"),
        pytest.param(
            "RUN if command -v dnf; then dnf install -y a; else apt-get install a; fi",
            id="guarded",
        ),
        pytest.param("RUN which rpm && rpm -q x", id="guarded-by-which"),
        pytest.param(
            "RUN [ -f /etc/redhat-release ] && dnf clean all", id="guarded-by-a-file"
        ),
        pytest.param("RUN rm -f /etc/yum.repos.d/CentOS*", id="rm"),
        pytest.param("RUN sed -i 's/python3.9/python3/' setup.py", id="sed"),
        pytest.param("RUN git checkout python3.9", id="branch"),
        pytest.param("RUN touch python3.9.txt", id="touch"),
        pytest.param("COPY python3.9.txt /tmp/", id="a-name"),
        pytest.param("RUN find / -name '*.rpm' -delete", id="find"),
    ],
)
def test_does_not_break_on_debian(line):
    assert find(line, system="almalinux9", target="debian13") == ()


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        pytest.param(
            "RUN dnf install -y python3.12", "drop it, 14-debian has 3.14", id="python"
        ),
        pytest.param(
            "RUN yum install -y ImageMagick",
            "apt-get update && apt-get install -y imagemagick",
            id="a-package",
        ),
        pytest.param(
            "RUN dnf update -y", "apt-get update && apt-get upgrade -y", id="update"
        ),
        pytest.param("RUN dnf clean all", "rm -rf /var/lib/apt/lists/*", id="clean"),
        pytest.param("RUN rpm -i x.rpm", "apt-get", id="rpm"),
        pytest.param("RUN pip3.12 install x", "python3", id="pip-of-another-python"),
        pytest.param("RUN /usr/bin/python3.9 -V", "python3", id="another-python"),
        pytest.param('CMD ["python3.12", "-m", "x"]', "python3", id="cmd"),
        pytest.param("HEALTHCHECK --timeout=3s CMD pip3.9 x", "python3", id="health"),
        pytest.param(
            "RUN alternatives --set python /usr/bin/python3.12",
            "drop it for Python, 14-debian has 3.14; else update-alternatives",
            id="alternatives",
        ),
    ],
)
def test_fails_on_debian(line, instead):
    (found,) = find(line, system="debian13")
    assert (found.instead, found.certain) == (instead, True)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(["RUN apt-get install -y gcc"], id="apt"),
        pytest.param(["RUN dnf install gcc || true"], id="may-fail"),
        pytest.param(
            ["RUN apt-get update && apt-get install -y dnf", "RUN dnf install gcc"],
            id="dnf-of-apt",
        ),
        pytest.param(["RUN apt-get install -y rpm && rpm -i x.rpm"], id="rpm-of-apt"),
        pytest.param(["RUN pipenv install --deploy"], id="pipenv"),
        pytest.param(["RUN apt-get install -y dnf && rpm -q x"], id="rpm-of-dnf"),
        pytest.param(["RUN python3.14 -V && pip3.11 x"], id="pythons-of-the-images"),
        pytest.param(["RUN python3.13 -V"], id="python-of-debian"),
        pytest.param(["RUN /opt/venv/bin/python3.12 -V"], id="an-environment"),
        pytest.param(["RUN ls python3.12", "ENV X=python3.12"], id="named"),
        pytest.param(
            ["RUN apt-get install -y python3.12", "RUN pip3.12 x"], id="python-of-apt"
        ),
        pytest.param(
            ["RUN uv python install 3.12", "RUN python3.12 x"], id="python-of-uv"
        ),
        pytest.param(["RUN uv venv -p 3.12 && python3.12 x"], id="environment-of-uv"),
        pytest.param(["RUN pyenv install 3.12 && python3.12 x"], id="pyenv"),
        pytest.param(
            ["COPY --from=python:3.12 /usr/local /usr/local", "RUN python3.12 x"],
            id="python-of-an-image",
        ),
        pytest.param(
            ["COPY --from=py /usr/local /usr/local", "RUN pip3.12 x"],
            id="python-of-a-stage",
        ),
        pytest.param(
            ["RUN ln -s /usr/bin/python3 /usr/bin/python3.12 && python3.12 x"],
            id="a-link",
        ),
        pytest.param(["RUN command -v python3.12 && python3.12 x"], id="guarded"),
        pytest.param(["RUN echo dnf install gcc"], id="printed"),
        pytest.param(["RUN ls # dnf install gcc"], id="comment"),
        pytest.param(["COPY dnf ./yum"], id="copy"),
        pytest.param(["RUN rm -rf /etc/yum.repos.d"], id="a-folder"),
    ],
)
def test_does_not_fail_on_debian(lines):
    assert find(*lines, system="debian13") == ()


@pytest.mark.parametrize(
    ("lines", "excerpt"),
    [
        pytest.param(
            ["RUN apt-get install -y rpm && dnf install -y git"],
            "dnf install -y git",
            id="rpm-brings-no-dnf",
        ),
        pytest.param(
            ["RUN apt-get install -y dnf", "RUN microdnf clean all"],
            "microdnf clean all",
            id="dnf-brings-no-microdnf",
        ),
        pytest.param(
            ["RUN which dnf && yum clean all"], "yum clean all", id="asked-for-another"
        ),
        pytest.param(
            ["RUN which dnf", "RUN dnf clean all"],
            "dnf clean all",
            id="asked-elsewhere",
        ),
        pytest.param(
            ["COPY --from=ghcr.io/astral-sh/uv /uv /bin/", "RUN pip3.12 install x"],
            "pip3.12",
            id="uv-brings-no-python",
        ),
        pytest.param(
            ["RUN apt-get install -y git", "RUN python3.12 -m x"],
            "python3.12",
            id="git-brings-no-python",
        ),
    ],
)
def test_fails_on_debian_all_the_same(lines, excerpt):
    (found,) = find(*lines, system="debian13")
    assert found.excerpt == excerpt


@pytest.mark.parametrize(
    ("line", "excerpt"),
    [
        pytest.param("RUN pipenv install --deploy", "pipenv install", id="install"),
        pytest.param("RUN pipenv sync", "pipenv sync", id="sync"),
        pytest.param("RUN cd /opt && pipenv run x", "pipenv run", id="in-a-chain"),
        pytest.param(
            "RUN python3 -m pipenv install", "python3 -m pipenv install", id="module"
        ),
        pytest.param(
            "RUN pip install -r pipenv.txt && pipenv install",
            "pipenv install",
            id="another-file",
        ),
    ],
)
def test_pipenv_is_not_in_the_debian_image(line, excerpt):
    (found,) = find(line, system="almalinux9", target="debian13")
    assert found.excerpt == excerpt
    assert found.instead == "RUN pip install pipenv before it, or uv"


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(
            ["RUN pip install pipenv", "RUN pipenv install"], id="the-line-before"
        ),
        pytest.param(
            ["RUN pip3 install 'pipenv==2024.4.1' && pipenv install"],
            id="the-command-before",
        ),
        pytest.param(
            ["RUN python3 -m pip install --no-cache-dir uv pipenv && pipenv sync"],
            id="among-others",
        ),
        pytest.param(["RUN uv tool install pipenv", "RUN pipenv sync"], id="uv-tool"),
        pytest.param(["RUN pipenv --version"], id="no-verb"),
        pytest.param(["RUN echo pipenv install"], id="printed"),
        pytest.param(["RUN pip install pipenv-tools"], id="another-package"),
        pytest.param(["COPY pipenv install/"], id="copy"),
    ],
)
def test_a_pipenv_of_ones_own_is_there(lines):
    assert find(*lines, system="almalinux9", target="debian13") == ()


def test_an_ignored_failure_is_named_for_a_move():
    assert ids(
        find("RUN dnf update -y || true", system="almalinux9", target="debian13")
    )


def test_the_files_of_a_chain_are_told_apart():
    steps = [
        ("Dockerfile.base", step("RUN yum install a")),
        ("Dockerfile", step("RUN yum update")),
    ]
    found = find_breaking(steps, "centos7", None, load())
    assert [one.path for one in found] == ["Dockerfile.base", "Dockerfile"]


@pytest.mark.parametrize(
    "filler", ["A", "https://", "/", "-el7", ">", "python3.6", "el7."]
)
@pytest.mark.parametrize("target", [None, "almalinux9", "debian13"])
def test_packed_data_is_not_looked_at(filler, target):
    packed = filler * 20_000
    lines = f"RUN base64 -d {packed} > x", step("RUN cat <<EOF > /x", body=packed)
    assert find(*lines, target=target) == ()


@pytest.mark.parametrize(
    ("line", "excerpt"),
    [
        pytest.param(
            "RUN dnf install -y python3.12 gcc",
            "dnf install -y python3.12",
            id="first-package",
        ),
        pytest.param(
            "RUN dnf -y install  gcc", "dnf -y install gcc", id="blanks-squeezed"
        ),
        pytest.param(
            "RUN yum groupinstall 'Development Tools'",
            "yum groupinstall 'Development Tools'",
            id="quoted",
        ),
        pytest.param("RUN rpm -i x.rpm", "rpm -i x.rpm", id="rpm"),
        pytest.param(
            "RUN dnf install -y --enablerepo crb git",
            "dnf install -y --enablerepo crb git",
            id="value-of-an-option",
        ),
        pytest.param(
            "RUN dnf --enablerepo=crb -y install git",
            "dnf --enablerepo=crb -y install git",
            id="value-in-an-option",
        ),
        pytest.param("RUN dnf", "dnf", id="nothing"),
    ],
)
def test_an_installation_is_shown_with_its_first_package(line, excerpt):
    (found,) = find(line, system="almalinux9", target="debian13")
    assert found.excerpt == excerpt


def list_rows():
    """Yield the lines of every row of this module."""
    for test in list(globals().values()):
        for mark in getattr(test, "pytestmark", ()):
            names = mark.args[0] if mark.name == "parametrize" else ()
            first = names if isinstance(names, str) else "".join(names[:1])
            if first in ("line", "lines"):
                for case in mark.args[1]:
                    lines = getattr(case, "values", (case,))[0]
                    yield [lines] if isinstance(lines, str) else lines


def test_every_rule_has_a_row():
    systems = load().systems
    targets = [None, *(name for rule in load().rules for name in rule.to), "debian13"]
    found = {
        name
        for lines in list_rows()
        for system in systems
        for target in dict.fromkeys(targets)
        for name in ids(find(*lines, system=system, target=target))
    }
    without = [rule.id for rule in load().rules if rule.id not in found]
    assert without == [], "add rows to this module: some that break, more that do not"
