#!/bin/sh
. /lib/stand-in.sh
[ -n "${ALLOWED_HOSTS:-}" ] || refuse "ALLOWED_HOSTS undefined, exiting"
for upstream in mender-device-auth mender-deployments mender-gui mender-useradm mender-inventory; do need_host "$upstream"; done
serve_tls 443 /var/www/mendersoftware/cert/cert.crt /var/www/mendersoftware/cert/private.key
