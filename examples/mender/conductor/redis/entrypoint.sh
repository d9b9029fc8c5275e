#!/bin/sh
# Starts redis with its configuration file and the data folder it names.
set -eu
mkdir -p /var/lib/redis
exec redis-server /etc/redis/redis.conf
