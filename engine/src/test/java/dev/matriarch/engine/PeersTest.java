package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** For whom an election waits. */
class PeersTest {
  private static final Instant NOW = Instant.EPOCH;
  private static final SortedSet<String> BOTH = new TreeSet<>(Set.of("m2", "m3"));

  private static Peers asked(SortedSet<String> members) {
    return Peers.UNASKED.askedAgain(members, NOW);
  }

  @Test
  void whoWasSilentWhenAnotherAnsweredIsNotAwaitedAgain() {
    Peers again = asked(BOTH).answered(PeerReport.of("m2")).askedAgain(BOTH, NOW);
    assertThat(again.silent()).containsExactly("m3");
    assertThat(again.haveAnswered()).as("m2 is awaited").isFalse();
    assertThat(again.answered(PeerReport.of("m2")).haveAnswered()).isTrue();
  }

  @Test
  void whoHeardNobodyMayHaveBeenCutOffAndWaits() {
    assertThat(asked(BOTH).askedAgain(BOTH, NOW).haveAnswered()).isFalse();
  }

  @Test
  void aSilentLeaderThatIsTheOnlyPeerIsNotAwaited() {
    SortedSet<String> only = new TreeSet<>(Set.of("m2"));
    assertThat(asked(only).askedAgain(only, NOW).haveAnswered()).isTrue();
  }
}
