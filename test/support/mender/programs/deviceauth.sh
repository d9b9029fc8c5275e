#!/bin/sh
. /lib/stand-in.sh
need_command server "$@"
need_token_key /etc/deviceauth/rsa/private.pem
serve_http 8080
