#!/bin/sh
. /lib/stand-in.sh
need_command server "$@"
serve_http 8080
