#!/bin/sh
. /lib/stand-in.sh
need_command server "$@"
[ "${#MINIO_ACCESS_KEY}" -ge 3 ] || refuse "MINIO_ACCESS_KEY needs 3 characters or more"
[ "${#MINIO_SECRET_KEY}" -ge 8 ] || refuse "MINIO_SECRET_KEY needs 8 characters or more"
serve_http 9000
