package dev.matriarch.inventory;

/** Defaults that are too long for a line of the parameter table. */
final class DefaultObjects {
  // Timing rows: ttl, loop, retry, start, margin, inter, fastinter, downinter, rise, fall.
  static final String YAML =
      """
      pg_rto_plan:
        fast: [20, 5, 5, 15, 5, 1s, 0.5s, 1s, 3, 3]
        norm: [30, 5, 10, 25, 5, 2s, 1s, 2s, 3, 3]
        safe: [60, 10, 20, 45, 10, 3s, 1.5s, 3s, 3, 3]
        wide: [120, 20, 30, 95, 15, 4s, 2s, 4s, 3, 3]
      pg_default_roles:
        - {name: dbrole_readonly, login: false, comment: may read}
        - {name: dbrole_offline, login: false, comment: may read on offline instances}
        - {name: dbrole_readwrite, login: false, roles: [dbrole_readonly], comment: may read and write}
        - {name: dbrole_admin, login: false, roles: [pg_monitor, dbrole_readwrite], comment: may create objects}
        - {name: postgres, superuser: true, comment: the database superuser}
        - {name: replicator, replication: true, roles: [pg_monitor, dbrole_readonly], comment: replicates}
        - {name: dbuser_dba, superuser: true, roles: [dbrole_admin], pgbouncer: true, pool_mode: session, pool_connlimit: 16, comment: administers}
        - {name: dbuser_monitor, roles: [pg_monitor, dbrole_readonly], pgbouncer: true, pool_mode: session, pool_connlimit: 8, parameters: {log_min_duration_statement: 1000}, comment: reads metrics}
      pg_default_privileges:
        - GRANT USAGE ON SCHEMAS TO dbrole_readonly
        - GRANT SELECT ON TABLES TO dbrole_readonly
        - GRANT SELECT ON SEQUENCES TO dbrole_readonly
        - GRANT EXECUTE ON FUNCTIONS TO dbrole_readonly
        - GRANT USAGE ON SCHEMAS TO dbrole_offline
        - GRANT SELECT ON TABLES TO dbrole_offline
        - GRANT SELECT ON SEQUENCES TO dbrole_offline
        - GRANT EXECUTE ON FUNCTIONS TO dbrole_offline
        - GRANT INSERT ON TABLES TO dbrole_readwrite
        - GRANT UPDATE ON TABLES TO dbrole_readwrite
        - GRANT DELETE ON TABLES TO dbrole_readwrite
        - GRANT USAGE ON SEQUENCES TO dbrole_readwrite
        - GRANT UPDATE ON SEQUENCES TO dbrole_readwrite
        - GRANT TRUNCATE ON TABLES TO dbrole_admin
        - GRANT REFERENCES ON TABLES TO dbrole_admin
        - GRANT TRIGGER ON TABLES TO dbrole_admin
        - GRANT CREATE ON SCHEMAS TO dbrole_admin
      pg_default_extensions:
        - {name: pg_stat_statements, schema: monitor}
        - {name: pgstattuple, schema: monitor}
        - {name: pg_buffercache, schema: monitor}
        - {name: pageinspect, schema: monitor}
        - {name: pg_prewarm, schema: monitor}
        - {name: pg_visibility, schema: monitor}
        - {name: pg_freespacemap, schema: monitor}
        - {name: postgres_fdw, schema: public}
        - {name: file_fdw, schema: public}
        - {name: btree_gist, schema: public}
        - {name: btree_gin, schema: public}
        - {name: pg_trgm, schema: public}
        - {name: intagg, schema: public}
        - {name: intarray, schema: public}
        - {name: pg_repack}
      pg_default_hba_rules:
        - {order: 100, user: '${dbsu}', db: all, addr: local, auth: ident, title: superuser from the node itself}
        - {order: 150, user: '${dbsu}', db: replication, addr: local, auth: ident, title: superuser replicating from the node itself}
        - {order: 200, user: '${repl}', db: replication, addr: localhost, auth: pwd, title: replication from the node itself}
        - {order: 250, user: '${repl}', db: replication, addr: intra, auth: pwd, title: replication from the intranet}
        - {order: 300, user: '${repl}', db: postgres, addr: intra, auth: pwd, title: replication user to postgres from the intranet}
        - {order: 350, user: '${monitor}', db: all, addr: localhost, auth: pwd, title: monitoring from the node itself}
        - {order: 400, user: '${monitor}', db: all, addr: infra, auth: pwd, title: monitoring from the infrastructure}
        - {order: 450, user: '${admin}', db: all, addr: infra, auth: ssl, title: administrator from the infrastructure over TLS}
        - {order: 500, user: '${admin}', db: all, addr: world, auth: ssl, title: administrator from anywhere over TLS}
        - {order: 550, user: +dbrole_readonly, db: all, addr: localhost, auth: pwd, title: users from the node itself}
        - {order: 600, user: +dbrole_readonly, db: all, addr: intra, auth: pwd, title: users from the intranet}
        - {order: 650, user: +dbrole_offline, db: all, addr: intra, auth: pwd, title: offline users from the intranet}
      pgb_default_hba_rules:
        - {order: 100, user: '${dbsu}', db: pgbouncer, addr: local, auth: peer, title: superuser to the pooler's own database}
        - {order: 150, user: all, db: all, addr: localhost, auth: pwd, title: users from the node itself}
        - {order: 200, user: '${monitor}', db: pgbouncer, addr: intra, auth: pwd, title: monitoring from the intranet}
        - {order: 250, user: '${monitor}', db: all, addr: world, auth: deny, title: monitoring from elsewhere}
        - {order: 300, user: '${admin}', db: all, addr: intra, auth: pwd, title: administrator from the intranet}
        - {order: 350, user: '${admin}', db: all, addr: world, auth: deny, title: administrator from elsewhere}
        - {order: 400, user: all, db: all, addr: intra, auth: pwd, title: users from the intranet}
      pg_default_services:
        - {name: primary, port: 5433, dest: default, check: /primary, selector: '[]'}
        - {name: replica, port: 5434, dest: default, check: /read-only, selector: "[? pg_role != 'delayed' ]", backup: "[? pg_role == 'primary' || pg_role == 'offline' ]"}
        - {name: default, port: 5436, dest: postgres, check: /primary, selector: '[]'}
        - {name: offline, port: 5438, dest: postgres, check: /replica, selector: "[? pg_role == 'offline' || pg_offline_query ]", backup: "[? pg_role == 'replica' && !pg_offline_query ]"}
      pgbackrest_repo:
        local: {path: /pg/backup, retention_full_type: count, retention_full: 2}
        minio: {type: s3, s3_endpoint: sss.pigsty, s3_region: us-east-1, s3_bucket: pgsql, s3_key: pgbackrest, s3_key_secret: S3User.Backup, s3_uri_style: path, path: /pgbackrest, storage_port: 9000, storage_ca_file: /etc/pki/ca.crt, block: y, bundle: y, bundle_limit: 20MiB, bundle_size: 128MiB, cipher_type: aes-256-cbc, cipher_pass: pgBackRest, retention_full_type: time, retention_full: 14}
      """;

  private DefaultObjects() {}
}
