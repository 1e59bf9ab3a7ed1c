#!/bin/sh
# Stands in for `matriarch node run` where the testbed itself is tested: real PostgreSQL, etcd and
# HAProxy that are started again when they die, but a fixed primary and nobody to fail over.
set -u
while [ $# -gt 0 ]; do
  case $1 in
    --node) node=$2; shift ;;
    --root) root=$2; shift ;;
  esac
  shift
done
primary=10.10.10.11
bin=/usr/lib/postgresql/15/bin
data=$root/data
log=$root/log
as='setpriv --reuid=postgres --regid=postgres --init-groups'

mkdir -p "$root/run" "$log" "$root/etcd"
chown -R postgres:postgres "$root"
chmod 755 "$root"

if [ ! -f "$data/PG_VERSION" ]; then
  if [ "$node" = "$primary" ]; then
    $as "$bin/initdb" -D "$data" -A trust -N --no-instructions
    printf '%s\n' 'local all all trust' 'host all all 10.0.0.0/8 trust' \
      'host replication all 10.0.0.0/8 trust' >"$data/pg_hba.conf"
    printf '%s\n' "unix_socket_directories = '$root/run'" 'shared_buffers = 16MB' 'fsync = off' \
      "listen_addresses = '*'" >>"$data/postgresql.conf"
    printf '%s\n' 'CREATE ROLE app LOGIN SUPERUSER;' 'CREATE DATABASE app OWNER app;' |
      $as "$bin/postgres" --single -D "$data" postgres
  else
    until $as "$bin/pg_basebackup" -h "$primary" -U postgres -D "$data" -R -c fast; do sleep 0.2; done
    echo "unix_socket_directories = '$root/run'" >>"$data/postgresql.conf"
  fi
fi

cat >"$root/haproxy.cfg" <<END
defaults
  mode tcp
  timeout connect 1s
  timeout client 1h
  timeout server 1h
listen writing
  bind $node:5433
  bind $node:5436
  server primary $primary:5432
listen reading
  bind $node:5434
  bind $node:5438
  server one 10.10.10.12:5432
  server two 10.10.10.13:5432
END

peers=a=http://10.10.10.11:2380,b=http://10.10.10.12:2380,c=http://10.10.10.13:2380
case $node in *1) name=a ;; *2) name=b ;; *) name=c ;; esac

forever() {
  while :; do
    "$@"
    sleep 0.2
  done
}

forever haproxy -db -f "$root/haproxy.cfg" >"$log/haproxy.log" 2>&1 &
forever $as etcd --name "$name" --data-dir "$root/etcd" --initial-cluster "$peers" \
  --listen-peer-urls "http://$node:2380" --initial-advertise-peer-urls "http://$node:2380" \
  --listen-client-urls "http://$node:2379" --advertise-client-urls "http://$node:2379" \
  >"$log/etcd.log" 2>&1 &
forever $as "$bin/postgres" -D "$data" >"$log/postgres.log" 2>&1
