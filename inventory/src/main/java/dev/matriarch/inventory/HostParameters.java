package dev.matriarch.inventory;

/** The parameters of hosts, monitoring and object storage: read and listed, never acted on. */
final class HostParameters {
  // name | level (G C I A) | type | default, - for none | acted on | sentence
  static final String TABLE =
      """
      # NODE
      node_zone | I | text | '' | yes | Rack, availability zone or data centre: the hosts of one zone may fail together.
      nodename | I | node name | - | yes | Name of the node; its instance's name by default.
      node_cluster | C | any | nodes | no | Group that a node without instances counts to.
      nodename_overwrite | C | any | true | no | Whether the host's own name is changed.
      nodename_exchange | C | any | false | no | Whether hosts learn each other's names.
      node_id_from_pg | C | any | true | no | Whether a node takes its instance's name.
      node_write_etc_hosts | C | any | true | no | Whether the hosts file is written.
      node_default_etc_hosts | G | any | - | no | Entries of the hosts file for all.
      node_etc_hosts | C | any | [] | no | Further entries of the hosts file.
      node_dns_method | C | any | add | no | What happens to the resolver's configuration.
      node_dns_servers | C | any | - | no | Name servers.
      node_dns_options | C | any | - | no | Options of the resolver.
      node_repo_modules | C | any | local | no | Package repositories to add.
      node_repo_remove | C | any | true | no | Whether other repositories are removed.
      node_packages | C | any | - | no | Packages to install on the node.
      node_default_packages | G | any | - | no | Packages to install on all nodes.
      node_selinux_mode | C | any | permissive | no | What SELinux does.
      node_firewall_mode | C | any | zone | no | Whether the firewall is configured.
      node_firewall_intranet | C | blocks | [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16] | yes | Networks that are trusted, and what intra means in access rules.
      node_firewall_public_port | C | any | [22, 80, 443, 5432] | no | Ports open to everybody.
      node_disable_numa | C | any | false | no | Whether NUMA is switched off.
      node_disable_swap | C | any | false | no | Whether swap is switched off.
      node_static_network | C | any | true | no | Whether the resolver's configuration is protected.
      node_disk_prefetch | C | any | false | no | Whether disks read ahead.
      node_kernel_modules | C | any | - | no | Kernel modules to load.
      node_hugepage_count | C | any | 0 | no | Number of huge pages.
      node_hugepage_ratio | C | any | 0 | no | Share of the memory for huge pages.
      node_overcommit_ratio | C | any | 0 | no | How far memory may be promised.
      node_tune | C | any | oltp | no | Profile of kernel settings.
      node_tuned_profile_dir | C | any | - | no | Where profiles are.
      node_sysctl_params | C | any | {fs.nr_open: 8388608} | no | Further kernel settings.
      node_data | C | any | /data | no | Where the node's data is.
      node_admin_enabled | C | any | true | no | Whether an administrator's account is created.
      node_admin_uid | C | any | 88 | no | Its number.
      node_admin_username | C | any | dba | no | Its name.
      node_admin_sudo | C | any | nopass | no | What it may do as root.
      node_admin_ssh_exchange | C | any | true | no | Whether its ssh keys are exchanged.
      node_admin_pk_current | C | any | true | no | Whether the present user's key is added.
      node_admin_pk_list | C | any | [] | no | Further keys.
      node_timezone | C | any | '' | no | Time zone of the node.
      node_ntp_enabled | C | any | true | no | Whether the clock is kept right.
      node_ntp_servers | C | any | - | no | Time servers.
      node_crontab_overwrite | C | any | true | no | Whether the system's crontab is replaced.
      node_crontab | C | any | [] | no | Lines for the system's crontab.
      vip_enabled | C | any | false | no | Whether hosts share an address.
      vip_address | C | any | - | no | That address.
      vip_vrid | C | any | - | no | Number of the group that shares it.
      vip_role | I | any | backup | no | Who has it first.
      vip_preempt | I | any | false | no | Whether it goes back.
      vip_interface | C | any | auto | no | Network interface it is put on.
      vip_dns_suffix | C | any | - | no | What follows its name in DNS.
      vip_auth_pass | C | secret | '' | no | Password among those who share it.
      vip_exporter_port | C | any | 9650 | no | Port of its metrics.
      node_exporter_enabled | C | any | true | no | Whether metrics of the node are offered.
      node_exporter_port | C | any | 9100 | no | Their port.
      node_exporter_options | C | any | - | no | Further options.
      vector_enabled | C | any | true | no | Whether logs are shipped.
      vector_clean | A | any | false | no | Whether its data is thrown away first.
      vector_data | C | any | /data/vector | no | Where it keeps its data.
      vector_port | C | any | 9598 | no | Port of its metrics.
      vector_read_from | C | any | beginning | no | Where it begins to read.
      vector_log_endpoint | C | any | [infra] | no | Where logs go.

      # INFRA
      version | G | any | - | no | Version of the described system that the file was written for.
      admin_ip | G | address | 10.10.10.10 | yes | Address of the host from which the rest is administered.
      region | G | any | default | no | Where packages come from.
      language | G | any | en | no | Language of pages.
      proxy_env | G | any | - | no | Proxy for downloads.
      infra_seq | I | whole 1..2147483647 | - | yes | Number of the infrastructure node.
      infra_portal | G | any | - | no | Pages behind the portal.
      infra_data | G | any | /data/infra | no | Where infrastructure keeps its data.
      nginx_enabled | C | any | true | no | Whether the portal runs.
      nginx_sslmode | C | any | enable | no | TLS of the portal.
      nginx_cert_validity | C | any | 397d | no | How long its certificate is valid.
      nginx_users | C | any | - | no | Users of the portal.
      nginx_port | C | any | 80 | no | Its port.
      nginx_ssl_port | C | any | 443 | no | Its port with TLS.
      dns_enabled | C | flag | true | yes | Whether the infra group's nodes serve the names of clusters and instances by DNS.
      dns_port | C | port | 53 | yes | Port of DNS.
      dns_records | C | dns records | [] | yes | Further names, each as in a hosts file: an address and what it is called; ${admin_ip} stands for that address.
      vmetrics_enabled | C | any | true | no | Whether metrics are stored.
      vmetrics_port | C | any | 8428 | no | Port of that store.
      vmetrics_scrape_interval | C | any | 10s | no | How often metrics are read.
      vmetrics_scrape_timeout | C | any | 8s | no | How long that may take.
      vmetrics_options | C | any | - | no | Further options.
      vlogs_enabled | C | any | true | no | Whether logs are stored.
      vlogs_port | C | any | 9428 | no | Port of that store.
      vlogs_options | C | any | - | no | Further options.
      vtraces_enabled | C | any | true | no | Whether traces are stored.
      vtraces_port | C | any | 10428 | no | Port of that store.
      vmalert_enabled | C | any | true | no | Whether alert rules are evaluated.
      vmalert_port | C | any | 8880 | no | Port of that.
      blackbox_enabled | C | any | true | no | Whether hosts are pinged.
      blackbox_port | C | any | 9115 | no | Port of those metrics.
      alertmanager_enabled | C | any | true | no | Whether alerts are sent.
      alertmanager_port | C | any | 9059 | no | Port of that.
      exporter_metrics_path | G | any | /metrics | no | Path of metrics.
      grafana_enabled | C | any | true | no | Whether dashboards are shown.
      grafana_port | C | any | 3000 | no | Their port.
      grafana_admin_username | C | any | admin | no | Administrator of the dashboards.
      grafana_admin_password | C | secret | pigsty | no | Its password.
      grafana_pgurl | C | secret | '' | no | Database of the dashboards.
      grafana_view_password | C | secret | DBUser.Viewer | no | Password with which dashboards read.

      # MINIO
      minio_type | C | any | silo | no | Kind of object store.
      minio_seq | I | any | - | no | Number of the object store's node.
      minio_cluster | C | any | - | no | Name of the object store.
      minio_user | C | any | minio | no | Its user of the operating system.
      minio_https | C | any | true | no | Whether it speaks TLS.
      minio_node | C | any | - | no | Pattern of its nodes' names.
      minio_data | C | any | /data/minio | no | Where it keeps its data.
      minio_volumes | C | any | - | no | Its volumes.
      minio_domain | G | any | sss.pigsty | no | Its name in DNS.
      minio_port | C | any | 9000 | no | Its port.
      minio_admin_port | C | any | 9001 | no | Port of its page.
      minio_access_key | C | secret | minioadmin | no | Its administrator's name.
      minio_secret_key | C | secret | S3User.MinIO | no | Its administrator's password.
      minio_extra_vars | C | any | - | no | Further variables.
      minio_provision | G | any | true | no | Whether buckets and users are created.
      minio_alias | G | any | sss | no | Name by which its client knows it.
      minio_endpoint | G | any | - | no | Its address.
      minio_buckets | C | any | [pgsql, meta, data] | no | Buckets to create.
      minio_users | C | any | - | no | Users to create.
      minio_safeguard | C | any | false | no | Refuses to remove it.
      minio_rm_data | A | any | true | no | Whether removal deletes its data.
      minio_rm_pkg | A | any | false | no | Whether removal uninstalls packages.
      """;

  private HostParameters() {}
}
