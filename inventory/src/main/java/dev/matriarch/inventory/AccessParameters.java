package dev.matriarch.inventory;

/** The parameters of pooling, routing, metrics, removal and of what stands around a cluster. */
final class AccessParameters {
  // name | level (G C I A) | type | default, - for none | acted on | sentence
  static final String TABLE =
      """
      # PG_ACCESS
      pgbouncer_enabled | C | flag | true | yes | Whether a pooler stands before each instance.
      pgbouncer_port | C | port | 6432 | yes | The pooler's port.
      pgbouncer_log_dir | C | path | /pg/log/pgbouncer | yes | Where the pooler writes its log.
      pgbouncer_auth_query | C | flag | false | yes | Whether the pooler asks PostgreSQL for passwords it does not know.
      pgbouncer_poolmode | C | one of transaction session statement | transaction | yes | When a server connection goes back to the pool.
      pgbouncer_sslmode | C | one of disable allow prefer require verify-ca verify-full | disable | yes | TLS between clients and the pooler; server.crt, server.key and, to verify, ca.crt must be in cert/ of the node's folder.
      pgbouncer_ignore_param | C | list | [extra_float_digits, application_name, TimeZone, DateStyle, IntervalStyle, search_path] | yes | Start-up parameters that the pooler does not mind.
      pgbouncer_redirect_to | C | address | - | no | Points the pooler's databases to another host, for a migration.
      pg_weight | I | whole 0..255 | 100 | yes | Share of an instance in its services.
      pg_service_provider | C | text | '' | yes | Group of hosts whose HAProxy offers the services; empty for the cluster's own. No agent runs there: HAProxy goes by its checks alone, and keeps pooled sessions through a switchover by what they answer.
      pg_default_service_dest | C | one of pgbouncer postgres | pgbouncer | yes | Where services without a destination of their own lead.
      pg_default_services | C | services | - | yes | Services that every cluster has.
      pg_vip_enabled | C | flag | false | yes | Whether an address follows the primary.
      pg_vip_address | C | one or more of block | 127.0.0.1/24 | yes | That address, with the length of its network's prefix, or a list of several; must be given where pg_vip_enabled is true.
      pg_vip_interface | C | one or more of interface name | auto | yes | The network interface it is put on; auto is the one that has the node's own address. A list names one for each address.
      pg_dns_suffix | C | dns suffix | '' | yes | What follows the cluster's name and a dot in DNS.
      pg_dns_target | C | dns target | auto | yes | What the cluster's name in DNS leads to: primary (at any time), vip, none, an address, or auto: the VIP where there is one, else the primary.

      # PG_MONITOR
      pg_exporter_enabled | C | flag | true | no | Whether metrics of PostgreSQL are offered.
      pg_exporter_config | C | text | pg_exporter.yml | no | File of collectors.
      pg_exporter_cache_ttls | C | text | '1,10,60,300' | no | How long metrics may be kept, in seconds, fastest to slowest.
      pg_exporter_port | C | port | 9630 | no | Port of PostgreSQL's metrics.
      pg_exporter_params | C | text | sslmode=disable | no | Parameters of the metrics connection.
      pg_exporter_url | C | secret | '' | no | Connection string instead of the derived one.
      pg_exporter_auto_discovery | C | flag | true | no | Whether each database has metrics of its own.
      pg_exporter_exclude_database | C | text | 'template0,template1,postgres' | no | Databases without metrics of their own.
      pg_exporter_include_database | C | text | '' | no | If not empty, the only databases with metrics of their own.
      pg_exporter_connect_timeout | C | whole 1..60000 | 200 | no | Milliseconds to wait for the metrics connection.
      pg_exporter_options | C | text | '' | no | Further options.
      pgbouncer_exporter_enabled | C | flag | true | no | Whether metrics of the pooler are offered.
      pgbouncer_exporter_port | C | port | 9631 | no | Port of the pooler's metrics.
      pgbouncer_exporter_url | C | secret | '' | no | Connection string instead of the derived one.
      pgbouncer_exporter_options | C | text | '' | no | Further options.
      pgbackrest_exporter_enabled | C | flag | true | no | Whether metrics of backups are offered.
      pgbackrest_exporter_port | C | port | 9854 | no | Port of the backups' metrics.
      pgbackrest_exporter_options | C | text | '' | no | Further options.

      # PG_REMOVE
      pg_safeguard | C | flag | false | yes | Refuses to remove the cluster's data.
      pg_rm_data | A | flag | true | yes | Whether removal deletes the data.
      pg_rm_backup | A | flag | true | no | Whether removal deletes the backups.
      pg_rm_pkg | A | flag | true | no | Whether removal uninstalls packages.
      pg_pitr | A | mapping | - | no | A point in time to go back to.
      pg_exporters | C | mapping | - | no | Remote servers to read metrics from, by local port.
      clsname | A | text | '' | no | Limits remote metrics to one cluster.

      # HAPROXY
      haproxy_enabled | C | flag | true | yes | Whether HAProxy runs on the node.
      haproxy_clean | A | flag | false | no | Whether its configuration is thrown away first.
      haproxy_reload | A | flag | true | no | Whether it is reloaded after a change.
      haproxy_auth_enabled | C | flag | true | no | Whether its admin page asks for a password.
      haproxy_admin_username | C | text | admin | yes | User of the admin page.
      haproxy_admin_password | C | secret | pigsty | yes | Its password.
      haproxy_exporter_port | C | port | 9101 | yes | Port of metrics, statistics and the admin page.
      haproxy_client_timeout | C | duration | 24h | yes | How long a client may be silent.
      haproxy_server_timeout | C | duration | 24h | yes | How long a server may be silent.
      haproxy_services | C | list | [] | no | Services other than PostgreSQL's.

      # ETCD
      etcd_seq | I | whole 1..2147483647 | - | yes | Number of the etcd member. Required in the etcd group.
      etcd_cluster | C | text | etcd | yes | Name of the etcd cluster.
      etcd_data | C | path | /data/etcd | yes | Where etcd keeps its data.
      etcd_learner | I | flag | false | no | Whether a new member joins without a vote first.
      etcd_port | C | port | 2379 | yes | Port for clients.
      etcd_peer_port | C | port | 2380 | yes | Port for the other members.
      etcd_init | C | one of new existing | new | yes | Whether the member starts a cluster or joins one.
      etcd_election_timeout | C | whole 10..50000 | 1000 | yes | Milliseconds without its leader after which etcd elects another.
      etcd_heartbeat_interval | C | whole 1..5000 | 100 | yes | Milliseconds between the heartbeats of etcd's leader.
      etcd_quota | C | size | 16GiB | yes | Most data that etcd holds.
      etcd_root_password | G | secret | Etcd.Root | no | Password of etcd's administrator.
      etcd_safeguard | C | flag | false | yes | Refuses to remove etcd's data.
      etcd_rm_data | A | flag | true | yes | Whether removal deletes etcd's data; also called etcd_clean.
      etcd_rm_pkg | A | flag | false | no | Whether removal uninstalls packages.

      # CA
      ca_create | G | flag | true | no | Whether a missing certificate authority is created.
      ca_cn | G | text | pigsty-ca | no | Name of the certificate authority.
      cert_validity | G | duration | 7300d | no | How long certificates are valid.
      """;

  private AccessParameters() {}
}
