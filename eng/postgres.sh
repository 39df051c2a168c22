#!/usr/bin/env bash
# Runs a private PostgreSQL until its standard input ends: prints a connection string once it answers, leaves nothing behind.
# It is fast and forgetful; arguments go to the server behind those below and win, for example: -c fsync=on
# The line "crash" on standard input ends it as a crash would and starts it again; a line answers when it has recovered.
set -euo pipefail

# PostgreSQL refuses to run as root, and its user may be unable to read this file.
if [[ $EUID -eq 0 ]]; then
  id postgres >/dev/null 2>&1 || { echo "PostgreSQL is not installed: no user 'postgres'" >&2; exit 1; }
  script="$(<"$0")"
  cd /
  exec runuser -u postgres -- env -u TMPDIR bash -c "$script" postgres.sh "$@"
fi

for bin in "$(pg_config --bindir 2>/dev/null || true)" /usr/lib/postgresql/*/bin; do
  [[ -x "$bin/initdb" ]] && break
done
[[ -x "$bin/initdb" ]] || { echo "PostgreSQL is not installed: no initdb (Debian: apt-get install postgresql)" >&2; exit 1; }

data="$(mktemp -d "${TMPDIR:-/tmp}/postgres.XXXXXX")"
server=
stop() {
  if [[ -n "$server" ]]; then
    kill -INT "$server" 2>/dev/null || true
    wait "$server" || true
  fi
  rm -rf "$data"
}
trap stop EXIT
trap 'exit 1' INT TERM

"$bin/initdb" --pgdata="$data/cluster" --username=postgres --auth=trust --locale=C --encoding=UTF8 --no-sync >"$data/log" 2>&1 \
  || { cat "$data/log" >&2; exit 1; }

start() {
  "$bin/postgres" -D "$data/cluster" -k "$data" -c listen_addresses= -c max_connections=400 \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off "$@" </dev/null >>"$data/log" 2>&1 &
  server=$!
  until "$bin/pg_isready" --quiet --host="$data"; do
    kill -0 "$server" 2>/dev/null || { cat "$data/log" >&2; exit 1; }
    sleep 0.05
  done
}

start "$@"
echo "Host=$data;Username=postgres;Database=postgres"
while IFS= read -r command; do
  if [[ $command == crash ]]; then
    kill -QUIT "$server"
    wait "$server" || true
    start "$@"
    echo recovered
  fi
done
