#!/bin/sh
. /lib/stand-in.sh
touch /data/db/mongod.lock || refuse "cannot write /data/db"
serve_tcp 27017
