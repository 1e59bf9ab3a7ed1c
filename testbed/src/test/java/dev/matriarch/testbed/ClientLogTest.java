package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What follows from times and numbers, without a server. */
class ClientLogTest {
  private static final Endpoint HERE = new Endpoint.Tcp("127.0.0.1", 5433);

  @Test
  void gapIsTheLongestSilenceFromTheFirstAcknowledgementToTheEnd() {
    ClientLog log = new ClientLog(span(0, 1000), List.of(ack(1, 300), ack(2, 310), ack(3, 700)));
    assertThat(log.gap()).isEqualTo(Duration.ofMillis(390));
    assertThat(log.gap(span(0, 650))).isEqualTo(Duration.ofMillis(340));
    assertThat(log.gap(span(305, 312))).isEqualTo(Duration.ofMillis(5));
  }

  @Test
  void aClientThatNeverGotAnAnswerHadNothingButAGap() {
    ClientLog log = new ClientLog(span(0, 1000), List.of());
    assertThat(log.gap()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void silenceAtTheEndCounts() {
    ClientLog log = new ClientLog(span(0, 1000), List.of(ack(1, 10), ack(2, 20)));
    assertThat(log.gap()).isEqualTo(Duration.ofMillis(980));
  }

  @Test
  void verdictNamesLostDoubledAndUnacknowledgedNumbers() {
    ClientLog log =
        new ClientLog(
            span(0, 1000),
            List.of(ack(1, 10), ack(2, 20), failed(3, 30), failed(4, 40), ack(5, 50)));
    Verdict verdict = log.verdict(Map.of(1L, 1, 3L, 1, 5L, 2));
    assertThat(verdict.acknowledged()).isEqualTo(3);
    assertThat(verdict.lost()).containsExactly(2L);
    assertThat(verdict.doubled()).containsExactly(5L);
    assertThat(verdict.unacknowledged()).containsExactly(3L);
    assertThat(verdict.clean()).isFalse();
    assertThat(log.verdict(Map.of(1L, 1, 2L, 1, 5L, 1, 4L, 1)).clean()).isTrue();
  }

  @Test
  void aWriteOnAnOlderTimelineSentAfterOneOnANewerIsAnOverlap() {
    Attempt.Acknowledged before = ack(1, 1, 0, 100);
    Attempt.Acknowledged newer = ack(2, 2, 110, 120);
    Attempt.Acknowledged slow = ack(3, 1, 105, 130);
    assertThat(Timelines.overlap(List.of(before, newer, slow))).isEmpty();
    Attempt.Acknowledged late = ack(4, 1, 121, 131);
    assertThat(Timelines.overlap(List.of(before, newer, late)))
        .contains(new Timelines.Overlap(newer, late));
  }

  @Test
  void watchReportTellsAHandoverFromAnOverlap() {
    WatchReport.Sample first = sample("a", ack(1, 1, 0, 10));
    WatchReport.Sample second = sample("b", ack(2, 2, 20, 30));
    WatchReport.Sample back = sample("a", ack(3, 3, 40, 50));
    assertThat(new WatchReport(List.of(first, second, back)).overlaps()).isEmpty();
    WatchReport.Sample stale = sample("a", ack(4, 1, 35, 60));
    assertThat(new WatchReport(List.of(first, second, stale)).overlaps())
        .containsExactly(new WatchReport.Overlap("a", "b", span(35, 60), 1));
  }

  private static WatchReport.Sample sample(String server, Attempt attempt) {
    return new WatchReport.Sample(server, attempt);
  }

  private static Span span(long fromMillis, long toMillis) {
    return new Span(fromMillis * 1_000_000, toMillis * 1_000_000);
  }

  private static Attempt.Acknowledged ack(long number, long atMillis) {
    return ack(number, 1, atMillis - 1, atMillis);
  }

  private static Attempt.Acknowledged ack(long number, int timeline, long sent, long answered) {
    return new Attempt.Acknowledged(number, timeline, HERE, sent * 1_000_000, answered * 1_000_000);
  }

  private static Attempt failed(long number, long atMillis) {
    return new Attempt.Failed(
        number, "57P01", "gone", HERE, atMillis * 1_000_000, atMillis * 1_000_000);
  }
}
