#!/bin/sh
. /lib/stand-in.sh
need_command server "$@"
need_token_key /etc/useradm/rsa/private.pem
serve_http 8080
