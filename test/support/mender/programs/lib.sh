# What the stand-ins have in common. Installed as /lib/stand-in.sh; the shell is busybox's.

# refuse WORDS: ends the container with status 1, as the real service does when it cannot start.
refuse() {
  echo "stand-in: $*" >&2
  exit 1
}

# need_file PATH: a regular file with something in it; Docker makes a folder where a bind's source is missing.
need_file() {
  [ -f "$1" ] && [ -r "$1" ] && [ -s "$1" ] || refuse "cannot read $1"
}

# need_token_key PATH: an RSA key in the only form that Mender 2.2 reads.
need_token_key() {
  need_file "$1"
  grep -q "BEGIN RSA PRIVATE KEY" "$1" || refuse "unknown server private key type in $1, want: RSA PRIVATE KEY"
  openssl rsa -in "$1" -check -noout >/dev/null 2>&1 || refuse "damaged RSA key in $1"
}

# need_host NAME: a name that the network's own DNS resolves.
need_host() {
  nslookup "$1" 127.0.0.11 >/dev/null 2>&1 || refuse "host not found in upstream \"$1\""
}

# need_command WORD ARGUMENTS: the word is among the arguments.
need_command() {
  wanted=$1
  shift
  for word in "$@"; do [ "$word" = "$wanted" ] && return; done
  refuse "nothing to do without \"$wanted\""
}

# serve COMMAND: runs it until it ends or the container is stopped, which takes no longer than the signal.
serve() {
  echo "stand-in: serving"
  "$@" &
  served=$!
  trap 'kill "$served" 2>/dev/null; exit 0' TERM INT
  wait "$served"
}

serve_http() { # PORT
  mkdir -p /srv/www && echo "stand-in" > /srv/www/index.html
  serve httpd -f -p "$1" -h /srv/www
}

serve_tcp() { # PORT: takes every connection and sends back what it is sent
  serve nc -ll -p "$1" -e /bin/cat
}

serve_tls() { # PORT CERTIFICATE KEY
  need_file "$2"
  need_file "$3"
  [ "$(openssl x509 -in "$2" -noout -pubkey)" = "$(openssl pkey -in "$3" -pubout)" ] || refuse "$3 does not belong to $2"
  serve openssl s_server -quiet -accept "$1" -cert "$2" -key "$3" -www
}
