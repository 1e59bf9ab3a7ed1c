package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.SlotKind;
import dev.matriarch.engine.SlotWork;
import dev.matriarch.postgres.Lsn;
import dev.matriarch.postgres.PostgresException;
import dev.matriarch.postgres.PostgresServer;
import dev.matriarch.postgres.Slot;
import dev.matriarch.postgres.Upstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the server's replication slots as the engine wants them. */
final class SlotHands {
  private static final Logger LOG = LoggerFactory.getLogger(SlotHands.class);
  private static final Duration ONE_SLOT = Duration.ofSeconds(10);

  /** The leader may be gone, and what else is set here waits, even for a promotion. */
  private static final Duration QUESTION = Duration.ofSeconds(1);

  private final PostgresServer postgres;

  SlotHands(PostgresServer postgres) {
    this.postgres = requireNonNull(postgres, "postgres is null");
  }

  /** One slot that makes trouble is no reason to leave the others. */
  Outcome keep(SlotWork work, Optional<Upstream> leader) {
    List<String> troubles = new ArrayList<>();
    for (String name : work.drop()) {
      attempt(troubles, () -> drop(name));
    }
    work.create().forEach((name, kind) -> attempt(troubles, () -> create(name, kind)));
    if (!work.advance().isEmpty()) {
      attempt(troubles, () -> advance(work, troubles));
    }
    if (!work.prove().isEmpty() && leader.isPresent()) {
      Upstream at = leader.get();
      attempt(troubles, () -> postgres.proveSlots(at, at.slot().orElse(""), QUESTION));
    }
    return troubles.isEmpty()
        ? new Outcome.Done()
        : new Outcome.Failed(String.join("; ", troubles));
  }

  private static void attempt(List<String> troubles, Runnable work) {
    try {
      work.run();
    } catch (PostgresException e) {
      troubles.add(e.getMessage());
    }
  }

  private void drop(String name) {
    postgres.dropSlot(name, ONE_SLOT);
    LOG.info("dropped the replication slot {}", name);
  }

  private void create(String name, SlotKind kind) {
    switch (kind) {
      case SlotKind.Physical physical -> postgres.createPhysicalSlot(name, ONE_SLOT);
      case SlotKind.Logical logical ->
          postgres.createLogicalSlot(
              name, new Slot.Logical(logical.database(), logical.plugin()), ONE_SLOT);
    }
    LOG.info("created the replication slot {}", name);
  }

  private void advance(SlotWork work, List<String> troubles) {
    for (Slot slot : postgres.slots(ONE_SLOT)) {
      dev.matriarch.engine.Lsn to = work.advance().get(slot.name());
      if (to != null && !slot.active()) {
        attempt(troubles, () -> postgres.advanceSlot(slot, new Lsn(to.value()), ONE_SLOT));
      }
    }
  }

  /** The field's sentence: its operators look for it. */
  void warnOfUnproven() {
    SortedSet<String> unproven = postgres.unprovenSlots();
    if (!unproven.isEmpty()) {
      LOG.warn("Logical replication slots that might be unsafe to use after promote: {}", unproven);
    }
  }
}
