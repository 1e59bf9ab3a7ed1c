package dev.matriarch.agent.routing;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.MatriarchConfig.BackendEntry;
import dev.matriarch.agent.config.MatriarchConfig.HaproxyConfig;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Routing;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sends the local HAProxy's clients where the engine says. Thread-safe.
 *
 * <p>It says {@code health up} and {@code health down}: each anticipates the verdict of the checks,
 * at once, and stays only until as many checks disagree as {@code rise} or {@code fall} asks for.
 * So the checks remain the safety net, also against a mistake of ours. An administrative state
 * would outlive the agent that set it: only where a pooler keeps the clients of a primary that
 * moved is there no other way than to drain it and to let no check cut them off.
 */
public final class Router {
  private static final Duration BUDGET = Duration.ofMillis(500);

  /** A line of commands must fit HAProxy's buffer of 16 KiB. */
  private static final int COMMANDS_A_LINE = 40;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:-]+");

  private static final String END = "shutdown sessions server ";

  private HaproxyConfig config;
  private Optional<Routing> last = Optional.empty();

  /** Whom this agent, or the one before it, may have drained. */
  private SortedSet<String> drained;

  public Router(HaproxyConfig config) {
    this.config = requireNonNull(config, "config is null");
    this.drained = new TreeSet<>();
    config.backends().forEach(backend -> drained.addAll(backend.servers()));
  }

  /**
   * Makes every service send to the servers that it should have now; repeating it is safe. Bounded:
   * half a second. Fails, with the reason, while HAProxy does not answer: it starts from its own
   * checks anyway.
   */
  public synchronized Outcome apply(Routing routing) {
    last = Optional.of(routing);
    RuntimeSocket socket = new RuntimeSocket(config.socket());
    List<String> commands = commands(config.backends(), routing, drained);
    long end = System.nanoTime() + BUDGET.toNanos();
    List<String> complaints = new ArrayList<>();
    for (int from = 0; from < commands.size(); from += COMMANDS_A_LINE) {
      int to = Math.min(from + COMMANDS_A_LINE, commands.size());
      String line = String.join("; ", commands.subList(from, to));
      try {
        String said = socket.send(line, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        said.lines().map(String::strip).filter(l -> !l.isEmpty()).forEach(complaints::add);
      } catch (IOException e) {
        return new Outcome.Failed("HAProxy at " + config.socket() + ": " + e.getMessage());
      }
    }
    endFormerSessions(commands, end).ifPresent(complaints::add);
    if (complaints.isEmpty()) {
      drained = routing.keepers();
    }
    return complaints.isEmpty()
        ? new Outcome.Done()
        : new Outcome.Failed("HAProxy at " + config.socket() + ": " + complaints.getFirst());
  }

  /**
   * Goes by other services from now on, those that HAProxy has just been reloaded with, and tells
   * it again what it was told before: only this agent knew it.
   */
  public synchronized void reload(HaproxyConfig next) {
    config = requireNonNull(next, "next is null");
    last.ifPresent(this::apply);
  }

  private Optional<String> endFormerSessions(List<String> commands, long end) {
    Set<String> gone =
        commands.stream()
            .filter(command -> command.startsWith(END))
            .map(command -> command.substring(END.length()))
            .collect(Collectors.toSet());
    if (gone.isEmpty() || config.master().isEmpty()) {
      return Optional.empty();
    }
    try {
      new FormerWorkers(config.master().get())
          .endSessions(gone, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("sessions from before its reload: " + e.getMessage());
    }
  }

  /** All that comes up first, so that no service is without a server in between. */
  static List<String> commands(
      List<BackendEntry> backends, Routing routing, SortedSet<String> drained) {
    List<String> up = new ArrayList<>();
    List<String> down = new ArrayList<>();
    for (BackendEntry backend : backends) {
      for (String server : backend.servers()) {
        String place = backend.name() + "/" + server;
        if (!NAME.matcher(backend.name()).matches() || !NAME.matcher(server).matches()) {
          continue;
        }
        switch (wanted(backend, server, routing)) {
          case UP -> {
            up.addAll(undrained(place, server, drained));
            up.add("set server " + place + " health up");
          }
          case HELD -> {
            up.add("disable health " + place);
            up.add("set server " + place + " state ready");
          }
          case DRAINED -> {
            down.add("disable health " + place);
            down.add("set server " + place + " state drain");
          }
          case DOWN -> {
            down.addAll(undrained(place, server, drained));
            down.add("set server " + place + " health down");
            // Said by itself too: the option on-marked-down may have been configured away, and a
            // session on a former primary would hang.
            down.add(END + place);
          }
          case AS_CHECKED -> {}
        }
      }
    }
    up.addAll(down);
    return up;
  }

  /** Only what was drained by an agent: an operator may have taken a server out for a while. */
  private static List<String> undrained(String place, String server, SortedSet<String> drained) {
    return drained.contains(server)
        ? List.of("enable health " + place, "set server " + place + " state ready")
        : List.of();
  }

  private enum Wish {
    UP,
    DOWN,
    /** Those who are there stay, others may come and wait with them. */
    HELD,
    /** Those who are there stay, and nobody comes. */
    DRAINED,
    /** What the engine says does not tell what this check would find. */
    AS_CHECKED
  }

  private static Wish wanted(BackendEntry backend, String server, Routing routing) {
    boolean primary = server.equals(routing.primary());
    boolean replica = routing.replicas().contains(server);
    boolean keeps = backend.pooled() && !primary && routing.keepers().contains(server);
    return switch (backend.check()) {
      case "/", "/primary", "/master", "/read-write", "/leader" ->
          keeps
              ? server.equals(routing.waitingAt()) ? Wish.HELD : Wish.DRAINED
              : primary ? Wish.UP : Wish.DOWN;
      case "/replica" -> keeps ? Wish.DRAINED : replica ? Wish.UP : Wish.DOWN;
      case "/read-only" -> keeps ? Wish.DRAINED : replica || primary ? Wish.UP : Wish.DOWN;
      default -> Wish.AS_CHECKED;
    };
  }
}
