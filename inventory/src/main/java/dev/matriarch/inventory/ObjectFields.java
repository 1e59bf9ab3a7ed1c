package dev.matriarch.inventory;

/** The fields of users, databases, services and access rules, in the form of the parameters. */
final class ObjectFields {
  static final String USER =
      """
      name | C | user name | - | yes | Name of the user. Required.
      state | C | one of create absent | create | yes | Whether it shall be there.
      password | C | secret | - | yes | Plain, or a SCRAM or MD5 hash.
      login | C | flag | - | yes | May log in.
      superuser | C | flag | - | yes | May do anything.
      createdb | C | flag | - | yes | May create databases.
      createrole | C | flag | - | yes | May create roles.
      inherit | C | flag | - | yes | Has the rights of its roles without asking.
      replication | C | flag | - | yes | May replicate.
      bypassrls | C | flag | - | yes | Is not bound by row security.
      connlimit | C | whole -1..262143 | -1 | yes | Most connections; -1 for no limit.
      expire_in | C | whole 0..36500 | - | yes | Days from its creation after which its password is invalid.
      expire_at | C | text | - | yes | Date after which its password is invalid.
      comment | C | text | - | yes | What it is for.
      roles | C | grants | [] | yes | Roles it is a member of.
      parameters | C | settings | {} | yes | Settings of its sessions.
      pgbouncer | C | flag | false | yes | Known to the pooler.
      pool_mode | C | one of transaction session statement | - | yes | Its own pool mode.
      pool_connlimit | C | whole -1..262143 | - | yes | Most connections of its pool.
      """;

  static final String GRANT =
      """
      name | C | text | - | yes | The role. Required.
      state | C | one of grant revoke absent | grant | yes | Given or taken away.
      admin | C | flag | - | yes | May grant it to others.
      set | C | flag | - | yes | May take it on (16 and later).
      inherit | C | flag | - | yes | Has its rights without asking (16 and later).
      """;

  static final String DATABASE =
      """
      name | C | text 1..63 | - | yes | Name of the database. Required.
      state | C | one of create absent recreate | create | yes | Whether it shall be there.
      owner | C | text | - | yes | Its owner; the database superuser by default.
      template | C | text | - | yes | Database that it is copied from.
      strategy | C | one of FILE_COPY WAL_LOG file_copy wal_log | - | yes | How it is copied (15 and later).
      encoding | C | text | - | yes | Its encoding.
      locale | C | text | - | yes | Its locale.
      lc_collate | C | text | - | yes | Its order of texts.
      lc_ctype | C | text | - | yes | Its classes of letters.
      locale_provider | C | one of libc icu builtin | - | yes | Who provides its locale (15 and later).
      icu_locale | C | text | - | yes | ICU locale (15 and later).
      icu_rules | C | text | - | yes | ICU rules (16 and later).
      builtin_locale | C | text | - | yes | Built-in locale (17 and later).
      tablespace | C | text | - | yes | Its tablespace.
      is_template | C | flag | - | yes | May be copied by anybody who may create databases.
      allowconn | C | flag | - | yes | May be connected to.
      connlimit | C | whole -1..262143 | - | yes | Most connections; -1 for no limit.
      revokeconn | C | flag | - | yes | Only its owner and administrators may connect.
      schemas | C | list | [] | yes | Schemas to create.
      extensions | C | list | [] | yes | Extensions to create.
      parameters | C | settings | {} | yes | Settings of its sessions.
      baseline | C | text | - | yes | SQL file that is run when it is created.
      comment | C | text | - | yes | What it is for.
      pgbouncer | C | flag | true | yes | Known to the pooler.
      pool_auth_user | C | text | - | yes | User with which the pooler asks for passwords.
      pool_mode | C | one of transaction session statement | - | yes | Its own pool mode.
      pool_size | C | whole 0..262143 | - | yes | Server connections for each user.
      pool_size_min | C | whole 0..262143 | - | yes | Least number of them.
      pool_reserve | C | whole 0..262143 | - | yes | Further ones when clients wait.
      pool_connlimit | C | whole 0..262143 | - | yes | Most server connections.
      register_datasource | C | flag | true | yes | Known to the dashboards.
      """;

  static final String SERVICE =
      """
      name | C | service name | - | yes | What follows the cluster's name. Required.
      port | C | port | - | yes | Port on every node. Required.
      ip | C | bind address | '*' | yes | Address to listen at: * for all, ${ip} for the node's own, ${lo} for 127.0.0.1, or one of each node.
      selector | C | selector | '[]' | yes | Which instances serve.
      backup | C | selector | - | yes | Which instances serve when no other does.
      dest | C | destination | default | yes | pgbouncer, postgres, default or a port.
      check | C | check path | / | yes | Path of the REST interface that a serving instance answers with 200.
      maxconn | C | whole 1..1000000 | 5000 | yes | Most connections.
      balance | C | one of roundrobin leastconn | roundrobin | yes | How connections are spread.
      options | C | text | - | yes | Own options of the servers instead of the derived ones.
      """;

  static final String HBA =
      """
      title | C | text | '' | yes | What the rule is for.
      order | C | whole 0..1000000 | - | yes | Where it stands; rules without it come last.
      role | C | one of default common primary replica offline standby delayed | common | yes | On which instances it holds.
      user | C | text | all | yes | Whom it is about.
      db | C | text | all | yes | Which database.
      addr | C | hba address | - | yes | Where the client is.
      auth | C | hba auth | pwd | yes | How the client proves who it is.
      rules | C | list | [] | yes | Raw lines instead.
      """;

  private ObjectFields() {}
}
