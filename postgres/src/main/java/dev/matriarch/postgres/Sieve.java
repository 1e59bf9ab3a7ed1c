package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Leaves out of settings what PostgreSQL would not start with: one such value in a file does no
 * harm to a server that runs, and keeps it down from its next crash on. What was taken before stays
 * in the place of what is refused.
 */
final class Sieve {
  private final DryRun dryRun;
  private Optional<Sifted> last = Optional.empty();

  Sieve(DryRun dryRun) {
    this.dryRun = requireNonNull(dryRun, "dryRun");
  }

  /**
   * What came of settings.
   *
   * @param wanted as they were given
   * @param taken what of them can be used
   * @param refused why the rest cannot, one sentence each
   */
  record Sifted(Settings wanted, Settings taken, List<String> refused) {
    Sifted {
      requireNonNull(wanted, "wanted");
      requireNonNull(taken, "taken");
      refused = List.copyOf(refused);
    }
  }

  /**
   * Asks PostgreSQL only about settings other than the last; where it cannot be asked, they are
   * taken as they are.
   */
  synchronized Sifted sift(Settings wanted, Deadline deadline) {
    if (last.filter(sifted -> sifted.wanted().equals(wanted)).isPresent()) {
      return last.get();
    }
    Sifted asGiven = new Sifted(wanted, wanted, List.of());
    try {
      if (dryRun.objection(wanted).isEmpty()) {
        last = dryRun.isPossible() ? Optional.of(asGiven) : last;
        return asGiven;
      }
      // One that refuses even the defaults is ill, and its word worth nothing.
      if (dryRun.objection(bare(wanted)).isPresent()) {
        return asGiven;
      }
      last = Optional.of(new Sifting(wanted, before(wanted)).run(deadline));
      return last.get();
    } catch (PostgresException.Timeout | PostgresException.FileFailed e) {
      return asGiven;
    }
  }

  /** What was taken of these settings, if they are those that were looked at last. */
  synchronized Settings taken(Settings wanted) {
    return last.filter(sifted -> sifted.wanted().equals(wanted)).map(Sifted::taken).orElse(wanted);
  }

  /** What was taken last, as far as it is still asked for. */
  private Settings before(Settings wanted) {
    Settings taken = last.map(Sifted::taken).orElseGet(Settings::defaults);
    Map<String, String> file = new LinkedHashMap<>(taken.file());
    file.keySet().retainAll(wanted.file().keySet());
    Map<String, String> wide = new LinkedHashMap<>(taken.commandLine());
    wide.keySet().retainAll(wanted.commandLine().keySet());
    Settings kept = new Settings(wide, file, taken.hba(), wanted.ident(), wanted.localAccess());
    return dryRun.objection(kept).isEmpty() ? kept : bare(wanted);
  }

  private static Settings bare(Settings wanted) {
    return new Settings(
        Settings.defaults().commandLine(),
        Map.of(),
        List.of(),
        wanted.ident(),
        wanted.localAccess());
  }

  /** One value. */
  private record Change(String name, String value, boolean wide) {
    Settings in(Settings settings) {
      Map<String, String> one = Map.of(name, value);
      return wide ? settings.withCommandLine(one) : settings.withFile(one);
    }
  }

  /** Takes one value after another, again while that helps: some only go together. */
  private final class Sifting {
    private final Settings wanted;
    private final Map<Change, String> open = new LinkedHashMap<>();
    private Settings taken;

    Sifting(Settings wanted, Settings before) {
      this.wanted = wanted;
      this.taken = before;
      wanted.commandLine().forEach((name, value) -> ask(new Change(name, value, true)));
      wanted.file().forEach((name, value) -> ask(new Change(name, value, false)));
    }

    private void ask(Change change) {
      if (!change.in(taken).equals(taken)) {
        open.put(change, "it was not judged in time");
      }
    }

    Sifted run(Deadline deadline) {
      int left = open.size() + 1;
      while (open.size() < left && !deadline.over()) {
        left = open.size();
        for (Change change : List.copyOf(open.keySet())) {
          if (!deadline.over()) {
            attempt(change);
          }
        }
      }
      List<String> refused = new ArrayList<>();
      open.forEach(
          (change, why) ->
              refused.add("%s: %s is not taken: %s".formatted(change.name(), change.value(), why)));
      access().ifPresent(why -> refused.add("pg_hba is left as it was: " + why));
      return new Sifted(wanted, taken, refused);
    }

    private void attempt(Change change) {
      Settings next = change.in(taken);
      Optional<String> objection = dryRun.objection(next.withHba(List.of()));
      if (objection.isEmpty()) {
        taken = next;
        open.remove(change);
      } else {
        open.put(change, objection.get());
      }
    }

    private Optional<String> access() {
      Settings next = taken.withHba(wanted.hba());
      Optional<String> objection = dryRun.objection(next);
      taken = objection.isEmpty() ? next : taken;
      return objection;
    }
  }
}
