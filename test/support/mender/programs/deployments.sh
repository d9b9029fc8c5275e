#!/bin/sh
. /lib/stand-in.sh
need_command server "$@"
[ -n "${DEPLOYMENTS_AWS_AUTH_KEY:-}" ] && [ -n "${DEPLOYMENTS_AWS_AUTH_SECRET:-}" ] || refuse "NoCredentialProviders"
need_file "${STORAGE_BACKEND_CERT:-/etc/ssl/certs/storage-proxy.crt}"
serve_http 8080
