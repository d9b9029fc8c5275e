#!/bin/sh
. /lib/stand-in.sh
[ -n "${CONDUCTOR:-}" ] || refuse "CONDUCTOR undefined, exiting"
serve sleep 2147483647
