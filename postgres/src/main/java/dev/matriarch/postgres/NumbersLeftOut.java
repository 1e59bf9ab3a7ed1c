package dev.matriarch.postgres;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Numbers that a promotion must not give to its timeline. PostgreSQL takes the first for which it
 * finds no history file, so files without a history stand for them. They stay with the promoted
 * server, as its standbys ask it for every file between its timeline and theirs. A standby must not
 * be started with one of a number above its own: it would take it for the timeline to go to.
 */
final class NumbersLeftOut {
  private static final String MARK = "# no history: this number was given up before a promotion\n";

  private final ServerParts parts;

  NumbersLeftOut(ServerParts parts) {
    this.parts = parts;
  }

  private int own() {
    ControlData control = parts.requireControl();
    return Math.max(control.timeline(), control.minRecoveryTimeline());
  }

  private Path file(int timeline) {
    return parts.dataDir().resolve("pg_wal").resolve(TimelineHistory.fileName(timeline));
  }

  /** Up to that one. */
  void reserve(int last) {
    for (int timeline = own() + 1; timeline <= last; timeline++) {
      if (!Files.exists(file(timeline))) {
        parts.files().write(file(timeline), MARK);
      }
    }
  }

  /** Those that no timeline was begun beyond. */
  void release() {
    if (parts.controlFile().read().isEmpty()) {
      return;
    }
    int own = own();
    int last = own;
    while (Files.exists(file(last + 1))) {
      last++;
    }
    while (last > own && parts.files().read(file(last)).filter(MARK::equals).isPresent()) {
      parts.files().delete(file(last));
      last--;
    }
  }
}
