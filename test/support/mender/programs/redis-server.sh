#!/bin/sh
. /lib/stand-in.sh
need_file "${1:-}"
cd "$(sed -n 's/^dir //p' "$1")" || refuse "cannot enter the folder that $1 names"
touch appendonly.aof || refuse "cannot write the folder that $1 names"
serve_tcp 6379
