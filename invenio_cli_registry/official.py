# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Names that are Docker Hub's own: an image of this name is never a project's."""

# Docker official images, those of today and those withdrawn.
# Source: https://github.com/docker-library/official-images (folder ``library``).
_NAMES = """
adminer aerospike almalinux alpine amazoncorretto amazonlinux api-firewall arangodb
archlinux backdrop bash bonita buildpack-deps busybox caddy cassandra centos
chronograf cirros clearlinux clefos clickhouse clojure composer consul convertigo
couchbase couchdb crate crux dart debian docker drupal eclipse-mosquitto
eclipse-temurin eggdrop elasticsearch elixir emqx erlang express-gateway fedora flink
fluentd friendica gazebo gcc geonetwork ghost golang gradle groovy haproxy haskell
haxe hello-world hitch httpd hylang ibm-semeru-runtimes ibmjava influxdb irssi jetty
joomla jruby julia kapacitor kibana kong krakend lightstreamer liquibase logstash
mageia mariadb matomo maven mediawiki memcached mongo mongo-express monica mysql nats
nats-streaming neo4j neurodebian nextcloud nginx node notary odoo open-liberty
openjdk opensuse oraclelinux orientdb percona perl photon php php-zendserver
phpmyadmin plone postfixadmin postgres pypy python r-base rabbitmq rakudo-star redis
redmine registry rethinkdb rocket.chat rockylinux ros ruby rust sapmachine satosa
scratch silverpeas sl solr sonarqube spark spiped storm swift swipl teamspeak
telegraf tomcat tomee traefik ubuntu unit valkey varnish vault websphere-liberty
wordpress xwiki yourls znc zookeeper
"""
OFFICIAL = frozenset(_NAMES.split())
