package dev.matriarch.inventory;

/** The parameters of a PostgreSQL cluster: who it is, what it serves, how it starts. */
final class PgParameters {
  // name | level (G C I A) | type | default, - for none | acted on | sentence
  static final String TABLE =
      """
      # PG_ID
      pg_mode | C | one of pgsql citus mssql mysql ivory pgtde polar gpsql agens oriole pgedge | pgsql | no | Flavour of the PostgreSQL kernel.
      pg_cluster | C | text | - | yes | Name of the cluster; every other name is derived from it. Required.
      pg_seq | I | whole 1..2147483647 | - | yes | Number of the instance in its cluster, never used twice. Required.
      pg_role | I | one of primary replica standby offline delayed | - | yes | What the instance starts as. Required; exactly one primary.
      pg_instances | I | mapping | - | yes | Several instances on one node: port to the parameters of the instance there.
      pg_upstream | I | address | - | yes | On a primary, the server that the whole cluster follows; elsewhere, the member that this one follows.
      pg_shard | C | text | - | no | Name of the sharded cluster that this one is a part of; its own name by default.
      pg_group | C | whole 0..10000 | 0 | no | Which part of a sharded cluster this is; 0 coordinates.
      gp_role | C | one of master segment | master | no | Greenplum's own kind of role.
      pg_offline_query | I | flag | false | yes | Puts a replica into the offline service as well and opens the offline HBA rules on it.

      # PG_BUSINESS
      pg_users | C | users | [] | yes | Users to create, see the table of user fields.
      pg_databases | C | databases | [] | yes | Databases to create, see the table of database fields.
      pg_services | C | services | [] | yes | Services beyond the default ones, or that replace them by name.
      pg_hba_rules | C | hba rules | [] | yes | Access rules of PostgreSQL beyond the default ones.
      pgb_hba_rules | C | pooler hba rules | [] | yes | Access rules of the pooler beyond the default ones.
      pg_crontab | C | list | [] | no | Lines for the database superuser's crontab.
      pg_dbsu_password | C | secret | '' | yes | Password of the database superuser; empty for none, which is safer.
      pg_replication_username | G | user name | replicator | yes | The user that standbys replicate and rewind with.
      pg_replication_password | G | secret | DBUser.Replicator | yes | Its password.
      pg_admin_username | G | user name | dbuser_dba | yes | The administrator's user.
      pg_admin_password | G | secret | DBUser.DBA | yes | Its password.
      pg_monitor_username | G | user name | dbuser_monitor | yes | The user that reads metrics.
      pg_monitor_password | G | secret | DBUser.Monitor | yes | Its password.

      # PG_INSTALL
      pg_dbsu | C | text | postgres | yes | The operating system's user that owns PostgreSQL.
      pg_dbsu_uid | C | whole 1..65533 | 26 | no | Its number.
      pg_dbsu_sudo | C | one of none limit all nopass | limit | no | What it may do as root.
      pg_dbsu_home | C | path | /var/lib/pgsql | no | Its home directory.
      pg_dbsu_ssh_exchange | C | flag | true | no | Whether its ssh keys are exchanged within the cluster.
      pg_version | C | whole 13..19 | 18 | yes | Major version of PostgreSQL.
      pg_bin_dir | C | path | /usr/pgsql/bin | yes | Where PostgreSQL's programs are.
      pg_log_dir | C | path | /pg/log/postgres | yes | Where PostgreSQL writes its log.
      pg_packages | C | list | [pgsql-main, pgsql-common] | no | Packages to install, by alias.
      pg_extensions | C | list | [] | no | Extensions to install, by alias.

      # PG_BOOTSTRAP
      pg_data | C | path | /pg/data | yes | The data directory.
      pg_fs_main | C | path | /data/postgres | no | Where the main disk is mounted.
      pg_fs_backup | C | path | /data/backups | no | Where the backup disk is mounted.
      pg_storage_type | C | one of SSD HDD | SSD | yes | Kind of disk, from which the planner's costs follow.
      pg_dummy_filesize | C | size | 64MiB | no | Size of a file that can be deleted when the disk is full.
      pg_listen | C | text | 0.0.0.0 | yes | Addresses to listen at, separated by commas; ${ip}, ${vip} and ${lo} stand for the node's.
      pg_port | C | port | 5432 | yes | PostgreSQL's port.
      pg_localhost | C | path | /var/run/postgresql | yes | Directory of the Unix socket.
      patroni_enabled | C | flag | true | no | False for an instance that somebody else manages.
      patroni_mode | C | one of default pause remove | default | no | Whether the agent leads, pauses after the start, or hands over.
      pg_namespace | C | path | /pg | yes | Prefix of the cluster's keys in etcd.
      patroni_port | C | port | 8008 | yes | Port of the agent's REST interface.
      patroni_log_dir | C | path | /pg/log/patroni | yes | Where the agent writes its log.
      patroni_ssl_enabled | G | flag | false | no | Whether the REST interface speaks TLS.
      patroni_watchdog_mode | C | one of off automatic required | off | yes | Whether the agent arms the kernel's watchdog.
      patroni_username | C | text | postgres | yes | User for what the REST interface changes.
      patroni_password | C | secret | Patroni.API | yes | Its password.
      pg_etcd_password | C | secret | '' | no | Password of the cluster's user in etcd; empty for the cluster's name.
      pg_primary_db | C | text | postgres | yes | The database that matters most.
      pg_parameters | C | settings | {} | yes | Settings of PostgreSQL for every member; they win over the template's.
      pg_files | C | list | [] | no | Files to copy into the data directory.
      pg_conf | C | one of oltp.yml olap.yml crit.yml tiny.yml | oltp.yml | yes | The workload that settings are tuned for; crit.yml loses nothing and is strict about it.
      pg_max_conn | C | auto or whole 20..262143 | auto | yes | Most connections at a time.
      pg_shared_buffer_ratio | C | fraction 0.1..0.4 | 0.25 | yes | Share of the memory for shared buffers.
      pg_io_method | C | one of auto fsync sync worker io_uring | worker | yes | How PostgreSQL 18 reads and writes.
      pg_rto | C | seconds or plan | 30 | yes | Longest outage after the primary's loss: seconds (3 or more) or a plan's name; all timing follows from it.
      pg_rto_plan | G | timing plans | - | yes | The plans by name: ttl, loop, retry, start, margin, inter, fastinter, downinter, rise, fall.
      pg_rpo | C | whole 0..9007199254740992 | 1048576 | yes | Most bytes that a failover may lose; 0 makes commits wait for a standby.
      pg_two_node_policy | C | one of auto availability consistency | auto | yes | Of two members, whether the replica leads though it may lack commits (availability) or only with all of them (consistency); auto is consistency where commits wait for a replica.
      pg_libs | C | text | 'pg_stat_statements, auto_explain' | yes | Libraries that PostgreSQL loads when it starts.
      pg_delay | I | duration | 0 | yes | How far a standby cluster's leader stays behind on purpose.
      pg_checksum | C | flag | true | yes | Whether data pages carry checksums.
      pg_wal_segsize | C | one of 1 2 4 8 16 32 64 128 256 512 1024 | 16 | yes | Megabytes of a WAL segment, for good: a promotion copies one, so clients wait less with 4; with few, an archive gets many files.
      pg_pwd_enc | C | one of scram-sha-256 md5 | scram-sha-256 | yes | How passwords are stored.
      pg_encoding | C | text | UTF8 | yes | Encoding of new databases.
      pg_locale | C | text | C | yes | Locale of new databases.
      pg_lc_collate | C | text | C | yes | Their order of texts.
      pg_lc_ctype | C | text | C | yes | Their classes of letters.
      pgsodium_key | C | secret | - | no | Key of the extension pgsodium, 64 hexadecimal digits.
      pgsodium_getkey_script | C | text | pgsodium_getkey | no | Script that hands pgsodium its key.

      # PG_PROVISION
      pg_provision | C | flag | true | yes | Whether users and databases are created.
      pg_init | C | text | pg-init | no | Script that prepares a new cluster.
      pg_default_roles | C | users | - | yes | Roles that every cluster has.
      pg_default_privileges | C | list | - | no | Default privileges on new objects.
      pg_default_schemas | C | list | [monitor] | no | Schemas that every database has.
      pg_default_extensions | C | list | - | no | Extensions that every database has.
      pg_reload | A | flag | true | no | Whether services are reloaded after a change.
      pg_default_hba_rules | C | hba rules | - | yes | Access rules that every cluster has.
      pgb_default_hba_rules | C | pooler hba rules | - | yes | Access rules that every pooler has.

      # PG_BACKUP
      pgbackrest_enabled | C | flag | true | no | Whether backups are taken and WAL is archived.
      pgbackrest_log_dir | C | path | /pg/log/pgbackrest | no | Where pgBackRest writes its log.
      pgbackrest_method | C | text | local | no | Which repository of pgbackrest_repo is used.
      pgbackrest_init_backup | C | flag | true | no | Whether a new cluster is backed up at once.
      pgbackrest_repo | C | mapping | - | no | Repositories by name, with pgBackRest's own options.
      """;

  private PgParameters() {}
}
