package dev.matriarch.agent;

import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.PendingChange;
import dev.matriarch.engine.Redo;
import dev.matriarch.engine.ReplicationSlot;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.StandbyLink;
import dev.matriarch.engine.SyncNames;
import dev.matriarch.postgres.ControlData;
import dev.matriarch.postgres.Observation;
import dev.matriarch.postgres.Slot;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the engine is told of a server that was observed. */
final class ServerPortrait {
  private static final Pattern HOST = Pattern.compile("\\bhost='?([^\\s']+)'?");
  private static final Pattern PORT = Pattern.compile("\\bport='?(\\d+)'?");

  private final Directory directory;
  private final Supplier<String> synchronousCommit;

  /**
   * @param synchronousCommit the setting of that name
   */
  ServerPortrait(Directory directory, Supplier<String> synchronousCommit) {
    this.directory = directory;
    this.synchronousCommit = synchronousCommit;
  }

  /**
   * @param before what was told last, for what an ill server does not say
   * @param unproven logical slots that were copied here and cannot be relied on yet
   * @param standbySignal the data directory says that it is to be started as a standby
   */
  Server of(Observation seen, Server before, SortedSet<String> unproven, boolean standbySignal) {
    return switch (seen) {
      case Observation.Absent absent -> Server.absent(Condition.EMPTY);
      case Observation.Unusable unusable -> Server.absent(Condition.UNFINISHED);
      case Observation.Stopped stopped ->
          down(Condition.STOPPED, stopped.control(), stopped.standby());
      case Observation.Crashed crashed ->
          withRedo(
              down(Condition.CRASHED, crashed.control(), crashed.standby()),
              crashed.control(),
              before);
      case Observation.Starting starting -> starting(starting, before, standbySignal);
      // With a clean control file no more WAL can come: only connections are still being closed.
      case Observation.Stopping stopping ->
          down(
              stopping.control().state().clean() ? Condition.STOPPED : Condition.STOPPING,
              stopping.control(),
              !stopping.control().state().wasPrimary());
      case Observation.Hung hung -> like(before, Condition.HUNG);
      case Observation.Running running -> running(running, before, unproven);
    };
  }

  private static Server starting(
      Observation.Starting starting, Server before, boolean standbySignal) {
    Server known = down(Condition.STARTING, starting.control(), standbySignal);
    Server told =
        before.hasProcesses() && before.role() == known.role()
            ? like(before, Condition.STARTING)
            : known;
    return withRedo(told, starting.control(), before);
  }

  /** The end of a crashed primary's WAL is written nowhere: what was seen while it ran counts. */
  private static Server withRedo(Server server, ControlData control, Server before) {
    if (server.role() != Role.PRIMARY || control.state().clean()) {
      return server;
    }
    Lsn seen = before.role() == Role.PRIMARY ? before.redo().to() : Lsn.ZERO;
    return server.toBuilder()
        .redo(new Redo(lsn(control.redo()), lsn(control.checkpoint()).orLater(seen)))
        .build();
  }

  static Server like(Server before, Condition condition) {
    return before.toBuilder()
        .condition(condition)
        .streaming(false)
        .standbys(Collections.emptySortedMap())
        .startedAt(Optional.empty())
        .build();
  }

  private static Server down(Condition condition, ControlData control, boolean standby) {
    long end = Math.max(control.checkpoint().value(), control.minRecoveryPoint().value());
    // The shutdown checkpoint's record begins at this position: whoever is beyond it has it.
    boolean shutDownPrimary = !standby && control.state() == ControlData.State.SHUT_DOWN;
    return Server.UNSEEN.toBuilder()
        .condition(condition)
        .role(standby ? Role.STANDBY : Role.PRIMARY)
        .systemIdentifier(control.systemIdentifier())
        .timeline(Math.max(control.timeline(), control.minRecoveryTimeline()))
        .written(new Lsn(shutDownPrimary ? end + 1 : end))
        .replayed(Lsn.ZERO)
        .upstream("")
        .streaming(false)
        .standbys(Collections.emptySortedMap())
        .syncNames(SyncNames.NONE)
        .slots(Collections.emptySortedMap())
        .pendingRestart(false)
        .build();
  }

  private Server running(Observation.Running running, Server before, SortedSet<String> unproven) {
    return Server.UNSEEN.toBuilder()
        .condition(Condition.RUNNING)
        .role(running.inRecovery() ? Role.STANDBY : Role.PRIMARY)
        .systemIdentifier(running.systemIdentifier())
        .timeline(timeline(running, before))
        .written(lsn(running.position()))
        .redo(running.inRecovery() ? Redo.UNKNOWN : new Redo(Lsn.ZERO, lsn(running.position())))
        .streamed(running.hasStreamed())
        .replayed(running.replayed().map(ServerPortrait::lsn).orElse(Lsn.ZERO))
        .upstream(upstream(running.conninfo()))
        .upstreamAddress(address(running.conninfo()))
        .streaming(
            running
                .receiver()
                .filter(receiver -> receiver.status().equals("streaming"))
                .isPresent())
        .standbys(standbys(running))
        .syncNames(StandbyNames.parse(running.synchronousStandbyNames()))
        .slots(slots(running, unproven))
        .pendingRestart(!running.pendingRestart().isEmpty())
        .startedAt(Optional.of(running.postmasterStarted()))
        .version(running.serverVersion())
        .pending(
            running.pendingRestart().stream()
                .map(each -> new PendingChange(each.name(), each.current(), each.next()))
                .toList())
        .restoring(running.restoring())
        .unsettled(!running.inRecovery() && running.checkpointTimeline() < running.timeline())
        .build();
  }

  /**
   * A standby without a WAL receiver tells the timeline of its last restartpoint, which may be
   * older than what it has received: what it told while it streamed counts until it stops.
   */
  private static int timeline(Observation.Running running, Server before) {
    boolean streamedBefore = running.inRecovery() && before.isRunningStandby();
    return streamedBefore ? Math.max(running.timeline(), before.timeline()) : running.timeline();
  }

  private static String address(String conninfo) {
    Matcher host = HOST.matcher(conninfo);
    Matcher port = PORT.matcher(conninfo);
    return host.find() && port.find() ? host.group(1) + ":" + port.group(1) : "";
  }

  private String upstream(String conninfo) {
    Matcher host = HOST.matcher(conninfo);
    Matcher port = PORT.matcher(conninfo);
    return host.find() && port.find()
        ? directory.memberAt(host.group(1), Integer.parseInt(port.group(1)))
        : "";
  }

  private static SortedMap<String, ReplicationSlot> slots(
      Observation.Running running, SortedSet<String> unproven) {
    SortedMap<String, ReplicationSlot> slots = new TreeMap<>();
    for (Slot slot : running.slots()) {
      SlotKind kind =
          slot.logical().isPresent()
              ? new SlotKind.Logical(slot.logical().get().database(), slot.logical().get().plugin())
              : SlotKind.PHYSICAL;
      slots.put(
          slot.name(),
          new ReplicationSlot(
              kind,
              slot.active(),
              slot.position().map(ServerPortrait::lsn).orElse(Lsn.ZERO),
              slot.holdsXmin(),
              unproven.contains(slot.name())));
    }
    return slots;
  }

  /** The position that a commit waits for. */
  private dev.matriarch.postgres.Lsn reached(Observation.Sender sender) {
    return switch (synchronousCommit.get()) {
      case "remote_write" -> sender.write();
      case "remote_apply" -> sender.replay();
      default -> sender.flush();
    };
  }

  private SortedMap<String, StandbyLink> standbys(Observation.Running running) {
    SortedMap<String, StandbyLink> links = new TreeMap<>();
    for (Observation.Sender sender : running.senders()) {
      boolean synchronous =
          sender.syncState().equals("sync") || sender.syncState().equals("quorum");
      links.put(
          sender.applicationName(),
          new StandbyLink(
              sender.applicationName(),
              sender.state().equals("streaming"),
              lsn(sender.flush()),
              synchronous,
              lsn(reached(sender))));
    }
    return links;
  }

  static Lsn lsn(dev.matriarch.postgres.Lsn position) {
    return new Lsn(position.value());
  }
}
