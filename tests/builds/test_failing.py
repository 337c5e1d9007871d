# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which commands fail today or break on another image, and, more of them, which do not."""

import re

import pytest

from invenio_cli_registry.builds import find_breaking, find_failing
from invenio_cli_registry.catalog import CommandRule, load
from invenio_cli_registry.image import parse

from . import ALMA, CATALOG, CENTOS7, CENTOS8, DEBIAN, build


def fail(*lines, image=CENTOS7):
    """Return what fails today."""
    return find_failing(build(image, *lines), CATALOG)


def move(*lines, image=CENTOS7, target=ALMA):
    """Return what breaks on the way to another image."""
    return find_breaking(
        build(image, *lines), CATALOG.identify(parse(target)).base, CATALOG
    )


def show(found):
    return [(one.rule, one.excerpt) for one in found]


FAILS = {
    "RUN yum install -y gcc make": "yum install -y gcc",
    "RUN yum -y -q install gcc": "yum -y -q install gcc",
    "RUN sudo -E -u root yum install x": "yum install x",
    "RUN /usr/bin/yum install x": "/usr/bin/yum install x",
    "RUN yum update -y": "yum update",
    "RUN yum groupinstall -y 'Development Tools'": "yum groupinstall -y Development Tools",
    "RUN yum group install x": "yum group install",
    "RUN yum --setopt=obsoletes=0 install -y x": "yum --setopt=obsoletes=0 install -y x",
    "RUN yum --enablerepo extras install x": "yum --enablerepo extras install x",
    "RUN dnf module install nodejs:14": "dnf module install",
    "RUN cd /tmp && yum install -y gcc && ls": "yum install -y gcc",
    "RUN if ! yum install x; then exit 1; fi": "yum install x",
    "RUN for p in a b; do yum install $p; done": "yum install $p",
    "RUN bash -lc 'ls && yum install gcc'": "yum install gcc",
    'RUN ["yum", "install", "-y", "gcc"]': "yum install -y gcc",
    "RUN <<EOF\nset -e\nyum install x\nEOF": "yum install x",
    "RUN yum install x || exit 1": "yum install x",
    "RUN command -v yum && yum install x": "yum install x",
    "RUN curl -O http://mirror.centos.org/7/x.rpm": "http://mirror.centos.org/7/x.rpm",
    "ADD http://mirror.centos.org/7/x.rpm /tmp/": "http://mirror.centos.org/7/x.rpm",
}


@pytest.mark.parametrize(("line", "excerpt"), FAILS.items(), ids=FAILS)
@pytest.mark.parametrize("image", [CENTOS7, CENTOS8])
def test_fails_on_centos(line, excerpt, image):
    (found,) = fail(line, image=image)
    assert (found.excerpt, found.certain) == (excerpt, True)
    assert not fail(line, image=ALMA)


WORKS = [
    "RUN echo 'yum install x'",
    "RUN printf 'a && yum install x'",
    "RUN ls # yum install x",
    "RUN yum clean all",
    "RUN yum -y remove gcc",
    "RUN yum --version",
    "RUN yum-config-manager --enable x",
    "RUN yum install x || true",
    "RUN yum update -y && yum clean all || :",
    "RUN yum --disablerepo='*' localinstall /tmp/x.rpm",
    "RUN yum --disablerepo=base,updates install x",
    "RUN yum search install",
    "RUN yum -q info install",
    "RUN yum install --help",
    "RUN dnf --enablerepo update clean all",
    "RUN yum -c /etc/my.conf install x",
    "RUN git clone https://github.com/x/el7-tools",
    "RUN rpm -i /tmp/x.rpm",
    "RUN pip install yum 'yum install'",
    "RUN X=$(yum install y)",
    "RUN sed -i s,http://mirror.centos.org,x, /a",
    "RUN python3 <<EOF\nyum install x\nEOF",
    "RUN cat <<EOF > /x\nyum install x\nEOF",
    "COPY yum install /",
    "ENV X='yum install'",
    "CMD yum install x",
    "RUN curl -O https://vault.centos.org/7.9.2009/x.rpm",
    "RUN curl https://example.org/label7/x.rpm",
    "RUN pip install x==7",
]


@pytest.mark.parametrize("line", WORKS)
def test_does_not_fail_on_centos(line):
    assert not fail(line)


VAULT = [
    "RUN sed -i 's|#baseurl=http://mirror.centos.org|baseurl=http://vault.centos.org|' /etc/yum.repos.d/CentOS-*",
    r"RUN sed -i 's|mirror\.centos\.org|vault\.centos\.org|g' /etc/yum.repos.d/CentOS-*.repo",
    r"RUN perl -pi -e 's{mirror.centos.org}{archive.kernel.org\/centos-vault}' /etc/yum.repos.d/x.repo",
    "RUN sed -i 's,mirror.centos.org,linuxsoft.cern.ch,' /etc/yum.repos.d/CentOS-Base.repo",
    "RUN sed -i 's/enabled=1/enabled=0/' /etc/yum.repos.d/CentOS-Base.repo",
    "RUN sed --in-place=.old -f patch.sed /etc/yum.repos.d/CentOS-Base.repo",
    "RUN find /etc/yum.repos.d -name '*.repo' -exec sed -i s/mirror/x/ {} +",
    "RUN find /etc/yum.repos.d -type f | xargs sed -i s,mirror.centos.org,x.org,",
    "RUN curl -fsSLo /etc/yum.repos.d/CentOS-Base.repo https://example.org/7.repo",
    "RUN wget -P /etc/yum.repos.d http://e.org/x.repo",
    "RUN cat base.repo > /etc/yum.repos.d/CentOS-Base.repo",
    "RUN echo baseurl=http://x.org >> /etc/yum.repos.d/x.repo",
    "RUN cat x | tee /etc/yum.repos.d/x.repo",
    "RUN cp x.repo /etc/yum.repos.d/",
    "RUN mv /etc/yum.repos.d/CentOS-Base.repo /tmp",
    "RUN rm -f /etc/yum.repos.d/*",
    "RUN cd /etc/yum.repos.d && sed -i s/a/b/ *.repo",
    "RUN for f in /etc/yum.repos.d/*.repo; do sed -i s/a/b/ $f; done",
    "RUN yum-config-manager --disable base updates",
    "WORKDIR /etc/yum.repos.d",
    "COPY repos/ /etc/yum.repos.d/",
    'COPY ["x.repo", "/etc/yum.repos.d/"]',
    "COPY --from=x /a /etc/yum.repos.d/",
]


@pytest.mark.parametrize("before", VAULT)
def test_nothing_fails_with_another_repository(before):
    found = fail(before, "RUN yum install -y gcc", "RUN yum update -y")
    assert "centos-mirrors" not in dict(show(found))


FAILS_STILL = [
    "RUN curl -o /etc/yum.repos.d/yarn.repo https://example.org/yarn.repo",
    "RUN yum install -y https://vault.centos.org/7.9.2009/x.rpm",
    "RUN sed -i s/enabled=0/enabled=1/ /etc/yum.repos.d/CentOS-PowerTools.repo",
    "RUN sed -i s/enabled=1/enabled=0/ /etc/yum/pluginconf.d/fastestmirror.conf",
    "COPY yum.conf /etc/yum.conf",
    "RUN echo 'use vault.centos.org'",
    "RUN curl -O https://vault.centos.org/x.rpm",
    "RUN sed -n p /etc/yum.repos.d/CentOS-Base.repo",
    "RUN cp /etc/yum.repos.d/CentOS-Base.repo /tmp/x",
    "COPY --from=x /etc/yum.repos.d/a /tmp/a",
    "RUN yum-config-manager --enable x",
]


@pytest.mark.parametrize("before", FAILS_STILL)
def test_fails_all_the_same(before):
    assert fail(before, "RUN yum install gcc")[-1].excerpt == "yum install gcc"


def test_the_archive_comes_too_late():
    found = fail(
        "RUN yum install x", "RUN sed -i s/mirror/vault/ /a", "RUN yum install y"
    )
    assert [one.excerpt for one in found] == ["yum install x"]


def test_what_is_said():
    (found,) = fail("RUN cd /tmp &&  yum -y update", image=CENTOS8)
    assert str(found.span) == "Dockerfile:2:17"
    assert found.message == "The mirrors of CentOS 8 closed on 2022-01-31."
    assert found.instead.startswith("Use vault.centos.org")


def test_the_same_line_fails_at_each_of_its_places():
    line = "RUN cd /tmp && yum install -y gcc"
    found = fail(line, "RUN ls", line)
    assert [str(one.span) for one in found] == ["Dockerfile:2:16", "Dockerfile:4:16"]
    (one,) = fail("RUN ls", line)
    assert str(one.span) == "Dockerfile:3:16"


def test_the_same_line_has_the_values_of_its_own_place():
    line = "RUN $MANAGER install -y gcc"
    found = fail(
        "ENV MANAGER=dnf", line, "ENV MANAGER=ls", line, "ENV MANAGER=yum", line
    )
    assert [one.excerpt for one in found] == [
        "dnf install -y gcc",
        "yum install -y gcc",
    ]


def test_a_word_has_its_own_place():
    found = move("RUN yum install -y \\\n  gcc \\\n  a.el7.rpm b.el8.rpm")
    assert [str(one.span) for one in found] == ["Dockerfile:4:3", "Dockerfile:4:13"]


@pytest.mark.parametrize(
    "line",
    [
        "RUN rpm -Uvh https://linuxsoft.cern.ch/wlcg/centos7/wlcg-1.0-1.el7.noarch.rpm",
        "RUN rpm -i https://dl.fedoraproject.org/pub/epel/epel-release-latest-7.noarch.rpm",
        "RUN curl -O https://example.org/el/8/x.rpm",
        "ADD https://example.org/x.el7.x86_64.rpm /tmp/",
        "RUN rpm -i https://example.org/EL-7-x86_64/x.rpm",
        "RUN rpm -i https://example.org/cc-7-x86_64/x.rpm",
    ],
)
def test_an_address_may_still_work(line):
    (found,) = fail(line)
    assert (found.certain, found.excerpt[:8]) == (False, "https://")


TO_ALMALINUX = {
    "RUN rpm -i https://example.org/x.el7.rpm": [
        ("el-rpm", "https://example.org/x.el7.rpm")
    ],
    "RUN yum install /tmp/x-1.el8.noarch.rpm": [("el-rpm", "/tmp/x-1.el8.noarch.rpm")],
    "COPY x-1.el7.rpm /tmp/": [("el-rpm", "x-1.el7.rpm")],
    "RUN curl -O https://vault.centos.org/7/x.rpm": [
        ("centos-address", "https://vault.centos.org/7/x.rpm")
    ],
    "RUN sed -i s/a/b/ /etc/yum.repos.d/CentOS-*": [
        ("centos-repositories", "/etc/yum.repos.d/CentOS-*")
    ],
    "COPY CentOS-Base.repo /etc/yum.repos.d/": [
        ("centos-repositories", "CentOS-Base.repo")
    ],
    "RUN yum install -y rh-python36 devtoolset-9-gcc git": [
        ("software-collections", "rh-python36"),
        ("software-collections", "devtoolset-9-gcc"),
    ],
    "RUN yum install -y python36u-devel": [("software-collections", "python36u-devel")],
    "RUN yum install centos-release-scl": [
        ("software-collections", "centos-release-scl")
    ],
    "RUN scl enable httpd24 'make'": [("scl-enable", "scl enable httpd24")],
    "ENV PATH=/opt/rh/rh-python36/root/usr/bin:$PATH": [
        ("software-collections", "PATH=/opt/rh/rh-python36/root/usr/bin:$PATH")
    ],
    "RUN echo 'source /opt/rh/rh-python36/enable' >> /etc/bashrc": [
        ("software-collections", "source /opt/rh/rh-python36/enable")
    ],
    "RUN dnf config-manager --set-enabled PowerTools": [("powertools", "PowerTools")],
    "RUN yum --enablerepo=powertools install -y x": [
        ("powertools", "--enablerepo=powertools")
    ],
    "RUN ln -s /usr/bin/python3.6 /usr/bin/python": [
        ("old-python", "/usr/bin/python3.6")
    ],
    "RUN pip3.7 install x": [("old-python", "pip3.7")],
    'CMD ["python3.6", "app.py"]': [("old-python", "python3.6")],
    "HEALTHCHECK --interval=9s CMD python3.8 -m x": [("old-python", "python3.8")],
    "COPY x /usr/local/lib/python3.8/site-packages/x": [
        ("old-python", "/usr/local/lib/python3.8/site-packages/x")
    ],
    "RUN yum install -y python36-devel": [("old-python-package", "python36-devel")],
    "RUN rm -r /usr/lib/python3.6/site-packages/x": [
        ("site-packages", "/usr/lib/python3.6/site-packages/x")
    ],
    "ENV P=/usr/lib64/python3.9/site-packages": [
        ("system-site-packages", "P=/usr/lib64/python3.9/site-packages")
    ],
    "RUN npm install -g node-sass@4.14.1": [("node-sass", "node-sass@4.14.1")],
    "RUN npm i node-sass@^4": [("node-sass", "node-sass@^4")],
    "RUN curl -sL https://rpm.nodesource.com/setup_14.x | bash -": [
        ("old-nodesource", "https://rpm.nodesource.com/setup_14.x")
    ],
    "RUN curl -sL https://rpm.nodesource.com/setup_16.x | bash -": [
        ("nodesource-16", "https://rpm.nodesource.com/setup_16.x")
    ],
    "RUN yum install -y cmake3": [("cmake3", "cmake3")],
    "RUN yum install -y curl": [("curl-minimal", "curl")],
}


@pytest.mark.parametrize(("line", "found"), TO_ALMALINUX.items(), ids=TO_ALMALINUX)
@pytest.mark.parametrize("image", [CENTOS7, CENTOS8])
def test_breaks_on_almalinux(line, found, image):
    assert show(move(line, image=image)) == found
    assert not move(line, image=ALMA)


STAYS_ON_ALMALINUX = [
    "RUN yum install -y gcc epel-release ImageMagick xmlsec1-devel openldap-devel",
    'RUN yum groupinstall -y "Development Tools" && yum update -y && yum clean all',
    "RUN dnf config-manager --set-enabled crb",
    "RUN dnf install -y python3.9 python3.12 python3-devel python39",
    "RUN dnf install -y curl --allowerasing",
    "RUN python3.9 -m pip install python3-saml==1.3.8 && pip3 install x==3.8",
    "ENV PYTHON_VERSION=3.8",
    "RUN rm -rf /usr/local/lib/python3.9/site-packages/x /usr/bin/python3.6",
    "RUN rpm -i https://example.org/x.el9.x86_64.rpm",
    "RUN rpm -i https://e.org/epel-release-latest-9.noarch.rpm",
    "RUN curl https://example.org/level7/x-1.el77.tar.gz",
    "RUN curl -o /etc/yum.repos.d/CentOS-Base.repo https://e.org/9",
    "RUN cat x > /etc/yum.repos.d/CentOS-Base.repo",
    "RUN rm -f /etc/yum.repos.d/CentOS*",
    "RUN curl -sL https://rpm.nodesource.com/setup_20.x | bash -",
    "RUN npm install -g node-sass@9 sass@1.4 @x/node-sass@4",
    "RUN pip install 'setuptools<58' pip==20.2.4",
    "RUN echo 'rh-python36 and python3.6'",
    "RUN ls # python3.6",
    "LABEL python=python3.6",
    "COPY --from=build /usr/lib/python3.6/site-packages /s",
    "COPY --chown=1:1 --from=x /usr/bin/python3.6 /s",
    "RUN ls /usr/lib/python3.9/site-packages",
    "RUN sed -i 's/python3.6/python3/' setup.py && git checkout python3.6",
    "RUN curl https://e.org/python3.6/x.tgz",
    "RUN pipenv install --deploy --system",
    "RUN alternatives --set python /usr/bin/python3.9",
]


@pytest.mark.parametrize("line", STAYS_ON_ALMALINUX)
def test_does_not_break_on_almalinux(line):
    assert not move(line)


def test_a_python_that_is_built_does_not_break():
    own = "RUN curl https://www.python.org/ftp/python/3.8.19/x.tgz | tar xz"
    assert not move(own, "RUN python3.8 -m pip install x")


APT = "Use `apt-get update && apt-get install -y {}`.".format
PYTHON = "invenio:14-debian has Python 3.14."
TO_DEBIAN = {
    "RUN yum install -y xmlsec1-devel ImageMagick": APT("libxmlsec1-dev imagemagick"),
    "RUN yum groupinstall -y 'Development Tools'": APT("build-essential"),
    "RUN yum install -y xmlsec1-devel xmlsec1-openssl-devel": APT("libxmlsec1-dev"),
    "RUN dnf install -y --enablerepo crb git.noarch": APT("git"),
    "RUN dnf install -y krb5-libs pango": APT(
        "libkrb5-3 libgssapi-krb5-2 libpango-1.0-0"
    ),
    "RUN yum install -y gcc python3.9 x": APT("gcc")
    + f" Remove python3.9: {PYTHON} Look up the Debian packages for x.",
    "RUN dnf install -y python3.12 python3.12-devel": (
        f"Remove python3.12, python3.12-devel: {PYTHON}"
    ),
    "RUN dnf install -y nodejs npm": "Remove nodejs, npm: invenio:14-debian has Node 24.",
    "RUN dnf install -y epel-release": "Remove epel-release: Debian has no EPEL.",
    "RUN yum install -y $PACKAGES": "Look up the Debian packages for $PACKAGES.",
    "RUN timeout 60 microdnf install gcc": APT("gcc"),
    "RUN dnf update -y || true": "Use `apt-get update && apt-get upgrade -y`.",
    "RUN dnf -y clean all": "Use `rm -rf /var/lib/apt/lists/*`.",
    "RUN yum -y check-update": "Use `apt-get update`.",
    "RUN dnf autoremove -y gcc": "Use `apt-get remove`.",
    "RUN dnf list installed": "Use `dpkg -s`.",
    "RUN rpm -qa": "Use `dpkg -s`.",
    "RUN dnf config-manager --set-enabled crb": "Remove it.",
    "RUN yum-config-manager --enable x": "Remove it.",
    "RUN dnf module enable nodejs:20": "Remove it.",
    "RUN dnf config-manager --add-repo https://cern.ch/xrootd/xrootd.repo": (
        "Install the package of Debian, or with pip what PyPI has (xrootd)."
    ),
    "RUN rpm -i /tmp/x.el9.rpm": "Use the package of Debian, if there is one.",
    "RUN rpm -E %rhel": "Use VERSION_ID of /etc/os-release.",
    "RUN rpm --import https://e.org/key": "Put a keyring file into /etc/apt/keyrings.",
    "RUN curl -o /tmp/x.rpm https://example.org/x": (
        "Use the package of Debian, if there is one."
    ),
    "COPY x.repo /etc/yum.repos.d/": "Remove it, or add the repository for Debian.",
    "RUN cat x > /etc/yum.repos.d/x.repo": "Remove it, or add the repository for Debian.",
    "RUN curl -sL https://rpm.nodesource.com/setup_20.x | bash -": (
        "Remove it: invenio:14-debian has Node 24."
    ),
    "RUN alternatives --set python3 /usr/bin/python3.12": (
        "Remove it if it is about Python (invenio:14-debian has 3.14), else use "
        "update-alternatives."
    ),
    "RUN python3.12 -m pip install x": "Use python3, or python3.14.",
    "HEALTHCHECK CMD python3.9 -c x": "Use python3, or python3.14.",
    "ENV P=/usr/local/lib/python3.9/site-packages": "Use python3, or python3.14.",
    "COPY --from=b ${VIRTUAL_ENV}/x ${VIRTUAL_ENV}/lib/python3.12/x": (
        "Use python3, or python3.14."
    ),
    "RUN sed -i s/a/b/ /usr/local/lib/python3.9/x.py": "Use python3, or python3.14.",
    "RUN dnf install -y xrootd-client-5.9.1": APT("xrootd-client"),
    "RUN ls /usr/lib64/libxml2.so": "Use the path on Debian.",
    "RUN update-ca-trust extract": (
        "Copy them to /usr/local/share/ca-certificates as *.crt, then run "
        "`update-ca-certificates`."
    ),
    "COPY ca.pem /etc/pki/ca-trust/source/anchors/": (
        "Copy them to /usr/local/share/ca-certificates as *.crt, then run "
        "`update-ca-certificates`."
    ),
    "RUN pip install 'setuptools<58'": "Remove the pin.",
    "RUN source /etc/profile": (
        'Use `.` and `[`, or put `SHELL ["/bin/bash", "-c"]` before it.'
    ),
}


@pytest.mark.parametrize(("line", "instead"), TO_DEBIAN.items(), ids=TO_DEBIAN)
@pytest.mark.parametrize("image", [CENTOS7, ALMA])
def test_breaks_on_debian(line, instead, image):
    assert [one.instead for one in move(line, image=image, target=DEBIAN)] == [instead]


STAYS_ON_DEBIAN = [
    "RUN apt-get update && apt-get install -y python3.14",
    "RUN uv sync --frozen && pipenv install --system",
    "RUN python3 -m pip install x==3.9 && python3.14 -m pip install rpm",
    "RUN update-alternatives --set editor /usr/bin/vim && update-ca-certificates",
    "RUN rm -rf /var/cache/dnf && mkdir dnf && cd dnf",
    "RUN echo 'dnf install x'",
    "RUN curl -sL https://deb.nodesource.com/setup_24.x | bash -",
    "RUN curl https://example.org/rpm/x.tar.gz",
    "RUN pip install 'setuptools<82' pip==25.0 my-pip==1.0",
    "COPY --from=build /usr/lib64/x /y",
    "COPY --from=python:3.12 /usr/local/lib/python3.12 /z",
    "RUN command -v dnf; which dnf; type dnf",
    "RUN rm -f /etc/yum.repos.d/CentOS*",
    "RUN sed -i 's/python3.9/python3/' setup.py && git checkout python3.9",
    "COPY python3.9.txt /tmp/",
    "RUN find / -name '*.rpm' -delete",
    "RUN bash -c 'source x && [[ -f y ]]'",
    'SHELL ["/bin/bash", "-c"]\nRUN source x',
]


@pytest.mark.parametrize("line", STAYS_ON_DEBIAN)
def test_does_not_break_on_debian(line):
    assert not move(line, image=ALMA, target=DEBIAN)


ON_DEBIAN = {
    "RUN dnf install -y python3.12": "debian-install",
    "RUN dnf clean all": "debian-clean",
    "RUN rpm -i x.rpm": "debian-rpm-install",
    "RUN pip3.12 install x": "debian-other-python",
    "RUN /usr/bin/python3.9 -V": "debian-other-python",
    'CMD ["python3.12", "-m", "x"]': "debian-other-python",
    "RUN alternatives --set python /usr/bin/python3.12": "debian-alternatives",
    "RUN apt-get install -y rpm && dnf install -y git": "debian-install",
    "RUN which dnf && yum clean all": "debian-clean",
    "COPY --from=ghcr.io/astral-sh/uv /uv /bin/\nRUN pip3.12 x": "debian-other-python",
    "RUN dnf install gcc || true": None,
    "RUN apt-get update && apt-get install -y dnf && dnf install gcc": None,
    "RUN apt-get install -y rpm && rpm -i x.rpm": None,
    "RUN pipenv install --deploy": None,
    "RUN python3.14 -V && python3.13 -V": None,
    "RUN /opt/venv/bin/python3.12 -V && ls python3.12": None,
    "RUN apt-get install -y python3.12 && pip3.12 x": None,
    "RUN uv python install 3.12 && python3.12 x": None,
    "COPY --from=py /usr/local /usr/local\nRUN pip3.12 x": None,
    "RUN source x": None,
}


@pytest.mark.parametrize(("line", "rule"), ON_DEBIAN.items(), ids=ON_DEBIAN)
def test_fails_on_debian(line, rule):
    found = find_failing(build(DEBIAN, line), CATALOG)
    assert [one.rule for one in found] == ([rule] if rule else [])


def test_of_very_many_places_each_is_named():
    line = "RUN yum install " + " ".join(f"x{n}.el7.rpm" for n in range(20_000))
    assert len(move(line)) == 20_000


@pytest.mark.parametrize("filler", ["A", "https://", "/", "-el7", ">", "python3.6"])
def test_packed_data_is_not_looked_at(filler):
    assert not move(f"RUN base64 -d {filler * 20_000} > x", target=DEBIAN)


REAL = load()
RULES = {rule.id: rule for rule in REAL.records(CommandRule)}
FACTS = {"system", "mirrors_closed", "target", "python", "node"}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_whole(rule):
    assert {*rule.systems, *rule.to} <= set(REAL.systems)
    assert rule.programs or rule.words
    assert rule.source.startswith("https://")
    for text in (rule.message, rule.instead):
        assert text.endswith(".")
        assert text[0].isupper() or text[0] == "{"
    texts = " ".join([rule.message, rule.instead, *rule.words])
    assert set(re.findall(r"\{(\w+)\}", texts)) <= FACTS
    assert "debian:" not in texts
    assert "14-debian" not in texts


def test_rules_have_an_id_each():
    assert len(RULES) == len(REAL.records(CommandRule))


def test_every_rule_has_a_row():
    rows = [*FAILS, *TO_ALMALINUX, *TO_DEBIAN, *ON_DEBIAN]
    rows += ["RUN rpm -i https://example.org/x.el7.rpm"]
    found = set()
    for line in rows:
        for image in (CENTOS7, ALMA, DEBIAN):
            found.update(one.rule for one in fail(line, image=image))
            found.update(one.rule for one in move(line, image=image))
            found.update(one.rule for one in move(line, image=image, target=DEBIAN))
    assert set(RULES) - found == set()
