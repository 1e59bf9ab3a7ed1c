package dev.matriarch.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Logical slots on a standby (drop-in contract, section 11). PostgreSQL makes none there, so the
 * state of the leader's is placed into the data of the stopped standby.
 *
 * <p>Such a slot is of use only if the leader has kept all catalog rows that it needs since. It
 * does from when it hears of them by hot_standby_feedback; what it removed before is lost to this
 * copy. So a copy counts as unproven until its catalog_xmin has reached the one that the leader's
 * own slot had after the leader was heard to keep rows for this standby. The same holds for slots
 * of a former primary, and whenever the standby was down: all are unproven after a start.
 */
final class SlotCopies {
  private static final String READ =
      "SELECT slot_name, encode(pg_read_binary_file('pg_replslot/' || slot_name || '/state'), 'hex')"
          + " FROM pg_replication_slots WHERE slot_type = 'logical'"
          + " AND slot_name = ANY (string_to_array(?, ','))";
  private static final String KEPT =
      "SELECT catalog_xmin IS NOT NULL FROM pg_replication_slots WHERE slot_name = ? AND active";
  private static final String NEEDED =
      "SELECT slot_name, catalog_xmin FROM pg_replication_slots WHERE slot_type = 'logical'"
          + " AND catalog_xmin IS NOT NULL AND slot_name = ANY (string_to_array(?, ','))";

  /** In a slot's state file: behind four numbers and the 64 bytes of its name. */
  private static final int DATABASE = 4 * Integer.BYTES + 64;

  private final ServerParts parts;
  private final Lifecycle lifecycle;
  private final Slots slots;

  /** By slot: what its catalog_xmin must reach; empty until the leader has been asked. */
  private final SortedMap<String, Optional<Long>> unproven = new TreeMap<>();

  SlotCopies(ServerParts parts, Lifecycle lifecycle, Slots slots) {
    this.parts = parts;
    this.lifecycle = lifecycle;
    this.slots = slots;
  }

  synchronized SortedSet<String> unproven() {
    return new TreeSet<>(unproven.keySet());
  }

  /** What the standby has in its data when it is started. */
  synchronized void startedAs(ServerRole role) {
    unproven.clear();
    boolean standby = !(role instanceof ServerRole.Primary);
    for (String name : standby ? onDisk() : List.<String>of()) {
      unproven.put(name, Optional.empty());
    }
  }

  private List<String> onDisk() {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder(), this::isLogical)) {
      folders.forEach(each -> names.add(each.getFileName().toString()));
    } catch (IOException e) {
      throw new PostgresException.FileFailed(folder(), "look into it", e);
    }
    return names;
  }

  /** Its state names a database; one that cannot be read counts as logical. */
  private boolean isLogical(Path slot) {
    try {
      byte[] state = Files.readAllBytes(slot.resolve("state"));
      return state.length < DATABASE + 4 || ByteBuffer.wrap(state).getInt(DATABASE) != 0;
    } catch (IOException e) {
      return true;
    }
  }

  private Path folder() {
    return parts.dataDir().resolve("pg_replslot");
  }

  /** Reads first: a standby is not stopped for slots that the leader does not have. */
  void copy(Upstream leader, Collection<String> names, ServerRole role, Deadline deadline) {
    SortedMap<String, byte[]> states = read(leader, names, deadline);
    if (states.isEmpty()) {
      throw new PostgresException.WrongState(leader.address() + " has no logical slots " + names);
    }
    lifecycle.stop(StopMode.FAST, deadline);
    parts.postmaster().awaitGone(deadline);
    states.forEach(
        (name, state) -> {
          Path slot = folder().resolve(name);
          parts.files().clear(slot, true);
          parts.files().directory(slot);
          parts.files().write(slot.resolve("state"), state);
        });
    lifecycle.start(role, deadline);
  }

  private static SortedMap<String, byte[]> read(
      Upstream leader, Collection<String> names, Deadline deadline) {
    SortedMap<String, byte[]> states = new TreeMap<>();
    try (Session session = Session.remote(leader, deadline)) {
      for (List<String> row : session.rows(deadline, READ, String.join(",", names))) {
        states.put(row.get(0), HexFormat.of().parseHex(row.get(1)));
      }
    } catch (SQLException e) {
      throw SqlErrors.upstream(leader, e);
    }
    return states;
  }

  /**
   * Asks the leader what the copies must reach, and lets go of those that have.
   *
   * @param ownSlot the slot through which this standby streams
   */
  void prove(Upstream leader, String ownSlot, Deadline deadline) {
    if (unproven().isEmpty()) {
      return;
    }
    try (Session session = Session.remote(leader, deadline)) {
      if (!session.value(deadline, KEPT, ownSlot).equals("t")) {
        return;
      }
      for (List<String> row : session.rows(deadline, NEEDED, String.join(",", unproven()))) {
        mustReach(row.get(0), Long.parseLong(row.get(1)));
      }
    } catch (SQLException e) {
      throw SqlErrors.upstream(leader, e);
    }
    slots.list(deadline.left()).forEach(this::judge);
  }

  /** What was asked first counts: the leader keeps rows for this standby from then on. */
  private synchronized void mustReach(String name, long xmin) {
    unproven.computeIfPresent(name, (slot, known) -> Optional.of(known.orElse(xmin)));
  }

  private synchronized void judge(Slot slot) {
    Optional<Long> floor = unproven.getOrDefault(slot.name(), Optional.empty());
    boolean reached =
        floor.isPresent()
            && slot.catalogXmin().isPresent()
            && isAtLeast(slot.catalogXmin().get(), floor.get());
    if (reached) {
      unproven.remove(slot.name());
    }
  }

  /** Transaction numbers go round: half of all come after any. */
  private static boolean isAtLeast(long xmin, long floor) {
    return (int) (xmin - floor) >= 0;
  }
}
