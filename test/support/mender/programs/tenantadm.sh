#!/bin/sh
. /lib/stand-in.sh
serve_http 8080
