#!/bin/sh
. /lib/stand-in.sh
need_file /usr/local/openresty/nginx/conf/nginx.conf
need_host minio
serve_tls 9000 /var/www/storage-proxy/cert/cert.crt /var/www/storage-proxy/cert/private.key
