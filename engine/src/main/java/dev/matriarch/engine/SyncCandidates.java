package dev.matriarch.engine;

import dev.matriarch.engine.Synchrony.Mode;
import java.util.Collection;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which standbys commits should wait for (drop-in contract, section 12): those that stream from
 * here, near enough, and do not ask to be left out. By priority the first few of them: higher
 * {@code sync_priority} first, then who is waited for already, then who is further.
 */
final class SyncCandidates {
  private final View view;
  private final Synchrony wish;
  private final SortedSet<String> fit = new TreeSet<>();

  SyncCandidates(View view) {
    this.view = view;
    this.wish = view.settings().synchrony();
    Collection<StandbyLink> links =
        view.server().standbys().values().stream().filter(StandbyLink::streaming).toList();
    // One that is far behind the others is slow; all being behind the primary is load.
    Lsn reference =
        links.size() > 1
            ? links.stream().map(StandbyLink::reached).max(Comparator.naturalOrder()).orElseThrow()
            : view.server().written();
    for (StandbyLink link : links) {
      if (isNear(link, reference) && takesPart(link.member())) {
        fit.add(link.member());
      }
    }
  }

  private boolean isNear(StandbyLink link, Lsn reference) {
    return wish.maximumLag() <= 0 || link.reached().bytesBehind(reference) <= wish.maximumLag();
  }

  private boolean takesPart(String member) {
    return view.state()
        .member(member)
        .map(Member::tags)
        .filter(tags -> !tags.nosync() && !tags.nostream())
        .isPresent();
  }

  /** All that could be waited for. */
  SortedSet<String> fit() {
    return fit;
  }

  /** Those that should be. */
  SortedSet<String> chosen() {
    SortedSet<String> chosen = wish.mode() == Mode.PRIORITY ? foremost() : new TreeSet<>(fit);
    // Strictly, rather wait for those that have gone than for nobody: coming back, they end it.
    return wish.strict() && chosen.isEmpty() ? thoseThatLeftWithoutAWord() : chosen;
  }

  private SortedSet<String> foremost() {
    return view.server().standbys().values().stream()
        .filter(link -> fit.contains(link.member()))
        .sorted(preference())
        .limit(wish.acknowledgements())
        .map(StandbyLink::member)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private SortedSet<String> thoseThatLeftWithoutAWord() {
    SortedSet<String> missed = new TreeSet<>(view.server().syncNames().names());
    missed.removeIf(
        name -> view.state().member(name).map(Member::tags).filter(Tags::nosync).isPresent());
    return missed;
  }

  private Comparator<StandbyLink> preference() {
    return Comparator.comparingInt(this::priority)
        .thenComparing(link -> view.server().syncNames().names().contains(link.member()))
        .thenComparing(StandbyLink::reached)
        .reversed()
        .thenComparing(StandbyLink::member);
  }

  private int priority(StandbyLink link) {
    return view.state().member(link.member()).map(Member::tags).orElse(Tags.NONE).syncPriority();
  }
}
