#!/bin/sh
. /lib/stand-in.sh
need_file /usr/share/elasticsearch/config/elasticsearch.yml
serve_http 9200
