package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.ConfigResult;
import dev.matriarch.agent.config.MatriarchConfig;
import dev.matriarch.agent.config.RestConfig.Tls;
import dev.matriarch.agent.log.LogSetup;
import dev.matriarch.agent.rest.PeerProbe;
import dev.matriarch.agent.rest.RestServer;
import dev.matriarch.agent.routing.Router;
import dev.matriarch.agent.script.Callbacks;
import dev.matriarch.engine.Event;
import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the agent's file again, on SIGHUP and {@code POST /reload}: takes what may change while it
 * runs, and says what waits for the next start.
 */
final class Reloading {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

  private final Supplier<ConfigResult> file;
  private final Inbox inbox;
  private volatile AgentConfig config;
  private volatile Optional<Parts> parts = Optional.empty();

  /** What takes changes. */
  record Parts(
      ServerParts server,
      Reconfiguration settings,
      Callbacks callbacks,
      PeerProbe probe,
      RestServer rest,
      Optional<Router> router) {
    Parts {
      requireNonNull(server, "server is null");
      requireNonNull(settings, "settings is null");
      requireNonNull(callbacks, "callbacks is null");
      requireNonNull(probe, "probe is null");
      requireNonNull(rest, "rest is null");
      requireNonNull(router, "router is null");
    }
  }

  Reloading(AgentConfig config, Supplier<ConfigResult> file, Inbox inbox) {
    this.config = requireNonNull(config, "config is null");
    this.file = requireNonNull(file, "file is null");
    this.inbox = requireNonNull(inbox, "inbox is null");
  }

  /** The file as last taken; for any thread. */
  AgentConfig config() {
    return config;
  }

  /** From now on these take changes. */
  void serve(Parts all) {
    parts = Optional.of(all);
  }

  /** Begins and returns at once. */
  void begin() {
    Thread.ofVirtual().name("reload").start(this::run);
  }

  private synchronized void run() {
    switch (file.get()) {
      case ConfigResult.Rejected rejected -> {
        rejected.problems().forEach(problem -> LOG.error("{}", problem));
        LOG.error("the file was read again and cannot be used; nothing was changed");
      }
      case ConfigResult.Loaded loaded -> {
        for (Problem warning : loaded.warnings()) {
          LOG.warn("{}", warning);
        }
        take(loaded.config());
      }
    }
  }

  private void take(AgentConfig next) {
    AgentConfig before = config;
    List<String> waiting = waiting(before, next);
    config = next;
    LogSetup.apply(next.log());
    if (!next.tags().equals(before.tags())) {
      inbox.put(new Event.TagsChanged(next.tags().tags(), next.tags().resigned()));
    }
    parts.ifPresent(all -> apply(all, next));
    LOG.info(
        "the file was read again{}",
        waiting.isEmpty()
            ? ""
            : "; these wait for the agent's next start: " + String.join(", ", waiting));
  }

  private static void apply(Parts all, AgentConfig next) {
    all.callbacks().reload(next.postgres().callbacks());
    all.router()
        .ifPresent(
            router -> next.matriarch().flatMap(MatriarchConfig::haproxy).ifPresent(router::reload));
    all.settings().reload(new ServerParts(next, all.server().spec()));
    try {
      all.rest().reload(next.rest());
      all.probe().reload(next.peers());
    } catch (IOException e) {
      LOG.error("{}; what was there before stays", e.getMessage());
    }
  }

  /** What differs and cannot be changed while the agent runs. */
  private static List<String> waiting(AgentConfig before, AgentConfig next) {
    List<String> changed = new ArrayList<>();
    note(changed, "scope", before, next, AgentConfig::scope);
    note(changed, "namespace", before, next, AgentConfig::namespace);
    note(changed, "name", before, next, AgentConfig::name);
    note(changed, "restapi.listen", before, next, c -> c.rest().listen());
    note(changed, "restapi.connect_address", before, next, c -> c.rest().advertised());
    note(
        changed, "restapi.verify_client", before, next, c -> c.rest().tls().map(Tls::verifyClient));
    note(changed, "restapi.ciphers", before, next, c -> c.rest().tls().map(Tls::ciphers));
    note(changed, "etcd3", before, next, AgentConfig::etcd);
    note(changed, "postgresql.data_dir", before, next, c -> c.postgres().dataDir());
    note(changed, "postgresql.bin_dir", before, next, c -> c.postgres().binDir());
    note(changed, "postgresql.config_dir", before, next, c -> c.postgres().configDir());
    note(changed, "postgresql.custom_conf", before, next, c -> c.postgres().customConf());
    note(changed, "postgresql.pg_ctl_timeout", before, next, c -> c.postgres().controlTimeout());
    note(changed, "postgresql.pre_promote", before, next, c -> c.postgres().hooks().prePromote());
    note(changed, "postgresql.before_stop", before, next, c -> c.postgres().hooks().beforeStop());
    note(changed, "postgresql.listen", before, next, c -> c.postgres().listen());
    note(changed, "postgresql.listen", before, next, c -> c.postgres().port());
    note(changed, "postgresql.connect_address", before, next, c -> c.postgres().advertised());
    note(changed, "postgresql.authentication", before, next, Reloading::logins);
    note(changed, "postgresql.create_replica_methods", before, next, c -> c.postgres().methods());
    note(
        changed,
        "postgresql.create_replica_methods",
        before,
        next,
        c -> c.postgres().methodOrder());
    note(changed, "postgresql.basebackup", before, next, c -> c.postgres().basebackup());
    note(changed, "watchdog", before, next, AgentConfig::watchdog);
    note(
        changed, "matriarch", before, next, c -> c.matriarch().map(MatriarchConfig::withoutRoutes));
    return List.copyOf(changed);
  }

  private static List<Object> logins(AgentConfig config) {
    return List.of(
        config.postgres().superuser(), config.postgres().replication(), config.postgres().rewind());
  }

  private static void note(
      List<String> changed,
      String key,
      AgentConfig before,
      AgentConfig next,
      Function<AgentConfig, Object> part) {
    if (!part.apply(before).equals(part.apply(next)) && !changed.contains(key)) {
      changed.add(key);
    }
  }
}
