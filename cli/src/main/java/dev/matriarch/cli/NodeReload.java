package dev.matriarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.routing.ProxyReload;
import dev.matriarch.render.Layout;
import dev.matriarch.render.NodeFile;
import dev.matriarch.render.RunningFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * From a changed inventory to a node that goes by it while it runs: only what differs is written,
 * and only who reads it is told.
 */
final class NodeReload {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final NodeSetup setup;
  private final SupervisedNode node;
  private final Layout layout;
  private final RunningFiles there;
  private final NodeFolder folder;

  NodeReload(NodeSetup setup, SupervisedNode node) {
    this.setup = requireNonNull(setup, "setup");
    this.node = requireNonNull(node, "node");
    this.layout = setup.layout();
    this.there = new RunningFiles(layout);
    this.folder = new NodeFolder(layout);
  }

  /** What was changed, a line each. */
  List<String> run() {
    List<NodeFile> changed =
        folder.different(
            setup.files(layout).stream()
                .filter(file -> !there.isState(file))
                .map(file -> there.keptTarget(file, text(file.path())))
                .toList());
    refuseOtherServices(changed);
    Set<RunningFiles.Reader> readers =
        changed.stream().map(there::reader).collect(Collectors.toCollection(LinkedHashSet::new));
    if (readers.contains(RunningFiles.Reader.HAPROXY)) {
      checkProxy(changed);
    }
    folder.write(changed);
    List<String> done = new ArrayList<>();
    for (RunningFiles.Reader reader : RunningFiles.Reader.values()) {
      if (readers.contains(reader)) {
        String names =
            changed.stream()
                .filter(file -> there.reader(file) == reader)
                .map(file -> file.path().getFileName().toString())
                .collect(Collectors.joining(", "));
        done.add(names + ": " + tell(reader));
      }
    }
    return done;
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new Refused("%s: cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  /** What the supervisor runs is read when it is started. */
  private void refuseOtherServices(List<NodeFile> changed) {
    for (NodeFile file : changed) {
      if (file.path().equals(layout.run("services"))) {
        throw new Refused(
            "%s: which programs run there, or how, changes with this inventory or this release;"
                    .formatted(layout.root())
                + " nothing was changed. Stop its node run and start it again");
      }
    }
  }

  /** Before anything is written. */
  private void checkProxy(List<NodeFile> changed) {
    for (NodeFile file : changed) {
      if (there.reader(file) == RunningFiles.Reader.HAPROXY) {
        Path trial = file.path().resolveSibling(file.path().getFileName() + ".trial");
        folder.write(List.of(new NodeFile(trial, file.mode(), file.content())));
        try {
          Process check =
              new ProcessBuilder(
                      layout.programs().haproxy().toString(), "-c", "-f", trial.toString())
                  .redirectErrorStream(true)
                  .start();
          String said = new String(check.getInputStream().readAllBytes(), UTF_8);
          if (check.waitFor() != 0) {
            throw new Refused(
                "HAProxy does not take its file; nothing was changed: " + said.strip());
          }
        } catch (IOException e) {
          throw new Refused("HAProxy cannot be asked: " + e.getMessage());
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
          throw new Refused("interrupted; nothing was changed");
        } finally {
          delete(trial);
        }
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new Refused("%s: cannot be deleted: %s".formatted(file, e.getMessage()));
    }
  }

  private String tell(RunningFiles.Reader reader) {
    return switch (reader) {
      case HAPROXY -> {
        reloadProxy();
        yield "HAProxy goes by it; sessions from before go on";
      }
      case PGBOUNCER -> {
        node.signal("HUP", "pgbouncer");
        yield "PgBouncer was told to read it again";
      }
      case AGENT -> {
        node.signal("HUP", "agent");
        yield "the agent was told to read it again; its log says what waits for its next start";
      }
      case DNS -> {
        // Their supervisor starts both again at once.
        node.signal("TERM", "names");
        node.signal("TERM", "dnsmasq");
        yield "the DNS server is started anew with it";
      }
      case ETCD -> "waits for etcd's next start";
    };
  }

  private void reloadProxy() {
    long master = node.serviceProcess("haproxy").orElse(0);
    if (master == 0) {
      return; // Its next start is by the new file.
    }
    try {
      new ProxyReload(master, there.proxySocket(), there.proxyMaster(), there.proxyState())
          .reload(PATIENCE);
    } catch (IOException e) {
      throw new Refused(e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted while HAProxy was being reloaded");
    }
  }
}
