package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.CustomMethod;
import dev.matriarch.agent.script.DataPrograms;
import dev.matriarch.postgres.InitOptions;
import dev.matriarch.postgres.Observation;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.Provision;
import dev.matriarch.postgres.Secret;
import dev.matriarch.postgres.ServerRole;
import dev.matriarch.postgres.Settings;
import dev.matriarch.postgres.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a data directory comes to be: by initdb or an operator's program for the cluster's first
 * member, by a copy or an operator's program for the others (drop-in contract, section 8).
 */
final class DataHands {
  private static final Logger LOG = LoggerFactory.getLogger(DataHands.class);
  private static final Duration COPY = Duration.ofHours(24);
  private static final Duration REPLAY = Duration.ofHours(1);
  private static final Duration SETTING = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final String COPYING = "basebackup";

  /** PostgreSQL's own copy alone. */
  static final List<String> PLAIN = List.of(COPYING);

  private static final int COPY_TRIES = 2;

  /**
   * How the first member's data is made.
   *
   * @param provision the roles and databases that it gets once
   * @param owner the superuser, with its password: a program's data may hold another
   * @param method the operator's program instead of initdb
   * @param hba lines behind those that the new pg_hba.conf has, where the settings give none
   * @param afterwards a command to run on the new primary; empty for none
   */
  record First(
      InitOptions init,
      Provision provision,
      Provision.Role owner,
      Optional<CustomMethod> method,
      List<String> hba,
      String afterwards) {
    First {
      hba = List.copyOf(hba);
      requireNonNull(init, "init is null");
      requireNonNull(provision, "provision is null");
      requireNonNull(owner, "owner is null");
      requireNonNull(method, "method is null");
      requireNonNull(afterwards, "afterwards is null");
    }
  }

  /**
   * How the others' data is made.
   *
   * @param methods all programs that the file has a section for
   * @param order the names of what is tried, one after the other
   * @param options long options of pg_basebackup
   */
  record Others(List<CustomMethod> methods, List<String> order, Map<String, String> options) {
    Others {
      methods = List.copyOf(methods);
      order = order.isEmpty() ? List.of(COPYING) : List.copyOf(order);
      options = options.isEmpty() ? Map.of("checkpoint", "fast") : Map.copyOf(options);
    }

    Optional<CustomMethod> method(String name) {
      return methods.stream().filter(method -> method.name().equals(name)).findFirst();
    }
  }

  private final PostgresServer postgres;
  private final DataPrograms programs;
  private final First first;
  private final Others others;

  DataHands(PostgresServer postgres, DataPrograms programs, First first, Others others) {
    this.postgres = requireNonNull(postgres, "postgres is null");
    this.programs = requireNonNull(programs, "programs is null");
    this.first = requireNonNull(first, "first is null");
    this.others = requireNonNull(others, "others is null");
  }

  /** In an empty directory; ends with a running primary. */
  void makeCluster() {
    if (first.method().isPresent()) {
      makeBy(first.method().get());
    } else {
      LOG.info("making a new cluster in {}", postgres.spec().dataDir());
      postgres.initdb(first.init(), REPLAY);
      if (!first.hba().isEmpty()) {
        letIn(postgres.settings(), postgres.access());
      }
      postgres.start(new ServerRole.Primary(), REPLAY);
      postgres.provision(first.provision(), REPLAY);
    }
    if (!first.afterwards().isEmpty()) {
      programs.afterBootstrap(first.afterwards(), ownConnection(), ownPassword());
    }
  }

  /** The data's passwords are not ours yet: until they are, the socket asks for none. */
  private void makeBy(CustomMethod method) {
    programs.bootstrap(method);
    Settings real = postgres.settings();
    List<String> found = postgres.access();
    String owner = postgres.spec().superuser();
    postgres.apply(real.withHba(List.of("local all \"" + owner + "\" trust")), SETTING);
    if (method.keepRecovery()) {
      postgres.start(new ServerRole.AsFound(), REPLAY);
      awaitPrimary();
    } else if (method.recovery().isEmpty()) {
      postgres.start(new ServerRole.Primary(), REPLAY);
    } else {
      postgres.start(new ServerRole.Recovering(method.recovery()), REPLAY);
      awaitPrimary();
    }
    List<Provision.Role> roles = new ArrayList<>(List.of(first.owner()));
    roles.addAll(first.provision().roles());
    postgres.provision(new Provision(roles, first.provision().databases()), REPLAY);
    letIn(real, found);
  }

  /** Settings without lines for pg_hba.conf keep the file, whatever it was in between. */
  private void letIn(Settings real, List<String> found) {
    if (real.hba().isEmpty()) {
      List<String> lines = new ArrayList<>(found);
      lines.addAll(first.hba());
      postgres.apply(real.withHba(lines), SETTING);
    }
    postgres.apply(real, SETTING);
  }

  private void awaitPrimary() {
    long end = System.nanoTime() + REPLAY.toNanos();
    while (!(postgres.observe(LOOK) instanceof Observation.Running now && !now.inRecovery())) {
      if (System.nanoTime() > end || Thread.currentThread().isInterrupted()) {
        throw new DataPrograms.StillRecovering(postgres.spec().dataDir());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private String ownConnection() {
    return "host=%s port=%d user=%s dbname=postgres"
        .formatted(
            postgres.spec().socketDir(), postgres.spec().port(), postgres.spec().superuser());
  }

  private String ownPassword() {
    return passline(
        "*",
        postgres.spec().port(),
        postgres.spec().superuser(),
        first.owner().password().map(Secret::reveal).orElse(""));
  }

  private static String passline(String host, int port, String user, String password) {
    return "%s:%d:*:%s:%s".formatted(host, port, escaped(user), escaped(password));
  }

  private static String escaped(String word) {
    return word.replace("\\", "\\\\").replace(":", "\\:");
  }

  /** One way to fill the data directory. */
  private record Way(String name, int tries, boolean keepsData, Runnable work) {}

  /**
   * Ends with data that can be started as a standby of the source; what was there before is gone.
   *
   * @param names of the methods to be tried; empty for those of the file
   */
  void copy(Upstream source, List<String> names) {
    List<Way> ways = new ArrayList<>();
    for (String name : names.isEmpty() ? others.order() : names) {
      others
          .method(name)
          .ifPresentOrElse(
              method -> ways.add(way(method, () -> replicate(method, source))),
              () -> ways.add(byPostgres(name, source)));
    }
    fill(ways);
  }

  /** As {@link #copy}, by programs that need nobody to copy from. */
  void restore(List<String> names) {
    List<String> order = names.isEmpty() ? others.order() : names;
    List<Way> ways =
        order.stream()
            .flatMap(name -> others.method(name).stream())
            .filter(CustomMethod::noLeader)
            .map(method -> way(method, () -> programs.restore(method)))
            .toList();
    if (ways.isEmpty()) {
      throw new DataPrograms.NeedsLeader(order);
    }
    fill(ways);
  }

  private static Way way(CustomMethod method, Runnable work) {
    return new Way(method.name(), 1, method.keepData(), work);
  }

  private Way byPostgres(String name, Upstream source) {
    if (!name.equals(COPYING)) {
      throw new DataPrograms.Undefined(name);
    }
    return new Way(
        name, COPY_TRIES, false, () -> postgres.cloneFrom(source, others.options(), COPY));
  }

  private void fill(List<Way> ways) {
    List<String> failures = new ArrayList<>();
    for (Way way : ways) {
      for (int i = 0; i < way.tries(); i++) {
        if (!way.keepsData()) {
          postgres.discard(COPY);
        }
        try {
          way.work().run();
          return;
        } catch (PostgresException | DataPrograms.Failure e) {
          LOG.warn("{}: {}", way.name(), e.getMessage());
          failures.add(way.name() + ": " + e.getMessage());
        }
      }
    }
    if (!ways.getLast().keepsData()) {
      postgres.discard(COPY);
    }
    throw new DataPrograms.NoneWorked(failures);
  }

  private void replicate(CustomMethod method, Upstream source) {
    StringBuilder connection =
        new StringBuilder(
            "host=%s port=%d user=%s dbname=postgres"
                .formatted(source.host(), source.port(), source.user()));
    source.options().forEach((key, value) -> connection.append(" " + key + "=" + value));
    programs.replicate(
        method,
        connection.toString(),
        passline(
            source.host(),
            source.port(),
            source.user(),
            source.password().map(Secret::reveal).orElse("")));
  }
}
