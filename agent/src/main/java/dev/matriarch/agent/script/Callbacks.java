package dev.matriarch.agent.script;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operator's callbacks on a thread of its own, one at a time: a new one ends one that
 * still runs, but a reload neither ends another nor waits for it. Each gets three arguments: the
 * event, the role and the cluster's name.
 */
public final class Callbacks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
  private static final long PATIENCE_SECONDS = 2;

  private volatile Map<String, String> commands;
  private final String scope;
  private final BlockingQueue<Callback> news = new LinkedBlockingQueue<>();
  private final Thread runner;
  private Optional<Process> running = Optional.empty();

  /** With commands by event, as in the configuration. */
  public Callbacks(Map<String, String> commands, String scope) {
    this.commands = Map.copyOf(commands);
    this.scope = requireNonNull(scope, "scope is null");
    this.runner = Thread.ofPlatform().daemon().name("callbacks").start(this::run);
  }

  /** From now on these commands are run. */
  public void reload(Map<String, String> changed) {
    commands = Map.copyOf(changed);
  }

  /** Runs the event's command, if there is one; returns at once. */
  public void tell(Callback callback) {
    if (commands.containsKey(callback.event().word())) {
      news.add(callback);
    }
  }

  /** What was told is still begun; a command that runs is left to itself. */
  @Override
  public void close() {
    runner.interrupt();
    try {
      runner.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (true) {
        begin(news.take());
      }
    } catch (InterruptedException e) {
      List<Callback> rest = new ArrayList<>();
      news.drainTo(rest);
      rest.forEach(this::begin);
    }
  }

  private void begin(Callback callback) {
    if (callback.event() != Callback.Kind.ON_RELOAD) {
      running.filter(Process::isAlive).ifPresent(Callbacks::end);
    }
    String command = commands.get(callback.event().word());
    if (command == null) {
      return; // Taken out of the file since it was told.
    }
    List<String> line = new ArrayList<>();
    try {
      line.addAll(ShellWords.split(command));
      line.addAll(List.of(callback.event().word(), callback.role(), scope));
      LOG.info("callback {}", line);
      Process process = Children.builder(line).start();
      if (callback.event() != Callback.Kind.ON_RELOAD) {
        running = Optional.of(process);
      }
      Thread.ofVirtual().name("callback-" + process.pid()).start(() -> await(process, line));
    } catch (IOException | IllegalArgumentException e) {
      LOG.error(
          "postgresql.callbacks.{}: {}; correct the command",
          callback.event().word(),
          e.getMessage());
    }
  }

  private static void await(Process process, List<String> line) {
    try {
      int code = process.waitFor();
      if (code != 0) {
        LOG.warn("callback {} ended with {}", line, code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void end(Process process) {
    LOG.info("callback {} still runs and is ended for a new one", process.pid());
    Children.end(process);
  }
}
