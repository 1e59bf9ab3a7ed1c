package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A node that its supervisor runs in the background, seen through the files of its folder.
 *
 * @param address of the node
 * @param folder of the node
 */
record SupervisedNode(Address address, Path folder) {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  SupervisedNode {
    requireNonNull(address, "address");
    requireNonNull(folder, "folder");
  }

  /** A service of the node, and the process that is it now. */
  record Service(String name, OptionalLong pid) {}

  /** The supervisor's pid while it runs. */
  OptionalLong supervisor() {
    OptionalLong pid = firstNumber(folder.resolve("run").resolve("supervisor.pid"));
    return pid.isPresent() && isSupervisor(pid.getAsLong()) ? pid : OptionalLong.empty();
  }

  /** Whether its supervisor runs. */
  boolean isRunning() {
    return supervisor().isPresent();
  }

  /** Starts the supervisor in a session of its own, so that it outlives this process. */
  void start(Path supervise) {
    ProcessBuilder.Redirect log =
        ProcessBuilder.Redirect.appendTo(folder.resolve("log").resolve("supervisor.log").toFile());
    try {
      new ProcessBuilder("setsid", supervise.toString(), folder.toString())
          .redirectInput(Path.of("/dev/null").toFile())
          .redirectOutput(log)
          .redirectError(log)
          .start();
    } catch (IOException e) {
      throw new Refused("%s: cannot start: %s".formatted(supervise, e.getMessage()));
    }
  }

  /** Sends a signal to a service that runs. */
  void signal(String name, String service) {
    serviceProcess(service).ifPresent(pid -> signal(name, pid));
  }

  /** Asks the agent to stop PostgreSQL while every node's etcd still answers. */
  void stopAgent() {
    supervisor().ifPresent(pid -> signal("USR1", pid));
  }

  /** Asks the supervisor to stop everything. */
  void stop() {
    supervisor().ifPresent(pid -> signal("TERM", pid));
  }

  /** Returns when its supervisor has ended. */
  void awaitEnd() {
    supervisor()
        .ifPresent(pid -> ProcessHandle.of(pid).ifPresent(process -> process.onExit().join()));
  }

  /** The services that its supervisor looks after. */
  List<Service> services() {
    List<Service> services = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(folder.resolve("run").resolve("services"))) {
        String name = line.substring(0, line.indexOf('\t'));
        if (!name.equals("set")) {
          services.add(new Service(name, serviceProcess(name)));
        }
      }
    } catch (IOException _) {
      return List.of();
    }
    return services;
  }

  /** Whether the agent still runs. */
  boolean hasAgent() {
    return services().stream().anyMatch(s -> s.name().equals("agent") && s.pid().isPresent());
  }

  /** The process of a service; empty when it does not run. */
  OptionalLong serviceProcess(String name) {
    OptionalLong pid = firstNumber(folder.resolve("run").resolve(name + ".pid"));
    return pid.isPresent() && belongsHere(pid.getAsLong()) ? pid : OptionalLong.empty();
  }

  /** Whether a process works below this node's folder; the supervisor and its services all do. */
  boolean belongsHere(long pid) {
    try {
      return Path.of("/proc", Long.toString(pid), "cwd").toRealPath().startsWith(folder);
    } catch (IOException _) {
      return false;
    }
  }

  private boolean isSupervisor(long pid) {
    try {
      String[] words =
          Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.UTF_8)
              .split("\0", -1);
      return List.of(words).contains(folder.toString())
          && List.of(words).stream().anyMatch(word -> word.endsWith("/supervise"));
    } catch (IOException _) {
      return false;
    }
  }

  static OptionalLong firstNumber(Path file) {
    try {
      String line = Files.readString(file).lines().findFirst().orElse("");
      return NUMBER.matcher(line).matches()
          ? OptionalLong.of(Long.parseLong(line))
          : OptionalLong.empty();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  private static void signal(String name, long pid) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    } catch (IOException e) {
      throw new Refused("cannot signal process " + pid + ": " + e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
