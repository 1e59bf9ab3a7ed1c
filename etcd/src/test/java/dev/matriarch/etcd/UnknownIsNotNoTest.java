package dev.matriarch.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each way in which etcd fails to answer, at every question that a leader's place hangs on. */
class UnknownIsNotNoTest {
  private static final String HEADER =
      "\"header\":{\"cluster_id\":\"1\",\"member_id\":\"2\",\"revision\":\"7\",\"raft_term\":\"3\"}";

  /** What stands in etcd's place, what that means, and whether a write may have happened. */
  enum Answer {
    TIMED_OUT(503, 14, "etcdserver: request timed out", EtcdFailure.TimedOut.class, true),
    LEADER_CHANGED(503, 14, "etcdserver: leader changed", EtcdFailure.TimedOut.class, true),
    DEADLINE(504, 4, "context deadline exceeded", EtcdFailure.TimedOut.class, true),
    NO_LEADER(503, 14, "etcdserver: no leader", EtcdFailure.NoLeader.class, false),
    STOPPED(503, 14, "etcdserver: server stopped", EtcdFailure.Unreachable.class, true),
    PROPOSAL_DROPPED(500, 2, "raft proposal dropped", EtcdFailure.Unreachable.class, true),
    CORRUPT(500, 15, "etcdserver: corrupt cluster", EtcdFailure.Unreachable.class, true),
    NOT_ALLOWED(403, 7, "etcdserver: permission denied", EtcdFailure.AuthFailed.class, false),
    EXPIRED(401, 16, "etcdserver: invalid auth token", EtcdFailure.AuthFailed.class, false),
    OLD_STORE(
        400, 3, "etcdserver: revision of auth store is old", EtcdFailure.AuthFailed.class, false),
    NO_USER(400, 3, "etcdserver: user name is empty", EtcdFailure.AuthFailed.class, false),
    COMPACTED(
        400,
        11,
        "etcdserver: mvcc: required revision has been compacted",
        EtcdFailure.Compacted.class,
        false),
    TOO_LARGE(400, 3, "etcdserver: request is too large", EtcdFailure.Refused.class, false),
    TOO_MANY(429, 8, "etcdserver: too many requests", EtcdFailure.Refused.class, false),
    LEASE_GONE(404, 5, "etcdserver: requested lease not found", EtcdFailure.Refused.class, false),
    NO_SPACE(429, 8, "etcdserver: mvcc: database space exceeded", EtcdFailure.NoSpace.class, false),
    OF_A_PROXY(502, "{\"message\":\"bad gateway\"}"),
    OF_A_PROXY_WITH_AN_ERROR(500, "{\"error\":\"upstream\"}"),
    A_PAGE(502, "<html>bad gateway</html>"),
    NOTHING(500, ""),
    NOTHING_BUT_SUCCESS(200, ""),
    NO_HEADER(200, "{}"),
    AN_EMPTY_HEADER(200, "{\"header\":{}}"),
    HALF(200, "{" + HEADER + ",\"kvs\":[{\"key\":\"L20=\""),
    AN_ARRAY(200, "[1]"),
    NO_ANSWERS_WITHIN(200, "{" + HEADER + ",\"count\":\"1\"}");

    private final int status;
    private final String body;
    private final Class<? extends EtcdFailure> kind;
    private final boolean maybeWritten;

    Answer(int status, int code, String text, Class<? extends EtcdFailure> kind, boolean maybe) {
      this.status = status;
      this.body = "{\"error\":\"%s\",\"message\":\"%s\",\"code\":%d}".formatted(text, text, code);
      this.kind = kind;
      this.maybeWritten = maybe;
    }

    Answer(int status, String body) {
      this.status = status;
      this.body = body;
      this.kind = EtcdFailure.Malformed.class;
      this.maybeWritten = true;
    }
  }

  private final AtomicReference<Answer> inPlace = new AtomicReference<>(Answer.NOTHING);
  private HttpServer server;
  private EtcdClient client;

  /** Until it is told otherwise, an etcd that grants every lease and applies all that is asked. */
  private volatile boolean works;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean txn = exchange.getRequestURI().getPath().equals("/v3/kv/txn");
          String good =
              txn
                  ? "{" + HEADER + ",\"succeeded\":true,\"responses\":[{\"response_put\":{}}]}"
                  : "{"
                      + HEADER
                      + ",\"ID\":\"9\",\"TTL\":\"20\",\"result\":{"
                      + HEADER
                      + ",\"TTL\":\"20\"}}";
          Answer answer = inPlace.get();
          byte[] body = (works ? good : answer.body).getBytes(UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(
              works ? 200 : answer.status, body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client =
        EtcdClient.open(
            EtcdConfig.of(List.of(Endpoint.parse("127.0.0.1:" + server.getAddress().getPort())))
                .withTimeouts(
                    new Timeouts(
                        Duration.ofMillis(400), Duration.ofMillis(400), Duration.ofSeconds(5))));
  }

  @AfterEach
  void close() {
    client.close();
    server.stop(0);
  }

  @ParameterizedTest
  @EnumSource
  void aReadThatFailsIsNoAbsence(Answer answer) {
    inPlace.set(answer);
    assertThatThrownBy(() -> client.get("/m"))
        .isInstanceOfSatisfying(
            EtcdException.class,
            // The last of several attempts may have had no time left.
            e -> assertThat(e.failure()).isInstanceOfAny(answer.kind, EtcdFailure.TimedOut.class));
  }

  @ParameterizedTest
  @EnumSource
  void aWriteIsRefusedOnlyWhereEtcdSaysThatNothingWasDone(Answer answer) throws Exception {
    inPlace.set(answer);
    Txn txn = Txn.when(Compare.value("/m", "x")).then(Op.put("/m", "y")).otherwise(Op.get("/m"));
    assertThat(client.txn(txn))
        .isInstanceOf(answer.maybeWritten ? TxnOutcome.Unknown.class : TxnOutcome.Failed.class);
  }

  @ParameterizedTest
  @EnumSource
  void aLeaderThatCannotRenewHasNotLostItsKey(Answer answer) throws Exception {
    works = true;
    BlockingQueue<LeaseNotice> notices = new LinkedBlockingQueue<>();
    LeaderLease.Terms terms =
        new LeaderLease.Terms("/m/leader", "m1", Duration.ofSeconds(2), Duration.ofMillis(100));
    try (LeaderLease lease = new LeaderLease(client, terms, new MonotonicSource(), notices::add)) {
      assertThat(lease.acquire()).isInstanceOf(Acquired.Held.class);
      inPlace.set(answer);
      works = false;
      LeaseNotice notice = notices.poll(10, TimeUnit.SECONDS);
      while (notice instanceof LeaseNotice.Renewed) {
        notice = notices.poll(10, TimeUnit.SECONDS);
      }
      assertThat(notice).isInstanceOf(LeaseNotice.Failed.class);
      assertThat(lease.isHeld()).isTrue();
      works = true;
      // One more failure may have been on its way.
      LeaseNotice after = notices.poll(10, TimeUnit.SECONDS);
      while (after instanceof LeaseNotice.Failed) {
        after = notices.poll(10, TimeUnit.SECONDS);
      }
      assertThat(after).isInstanceOf(LeaseNotice.Renewed.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoCannotAskDoesNotLead(Answer answer) throws Exception {
    inPlace.set(answer);
    LeaderLease.Terms terms =
        new LeaderLease.Terms("/m/leader", "m1", Duration.ofSeconds(2), Duration.ofMillis(100));
    try (LeaderLease lease = new LeaderLease(client, terms, new MonotonicSource(), _ -> {})) {
      assertThat(lease.acquire()).isInstanceOfAny(Acquired.Failed.class, Acquired.Unknown.class);
      assertThat(lease.isHeld()).isFalse();
    }
  }

  @Test
  void refusedConnectionsAreNoAnswerEither() throws Exception {
    server.stop(0);
    assertThatThrownBy(() -> client.get("/m"))
        .isInstanceOfSatisfying(
            EtcdException.class,
            e -> assertThat(e.failure()).isInstanceOf(EtcdFailure.Unreachable.class));
    assertThat(client.put("/m", "x", LeaseId.NONE)).isInstanceOf(TxnOutcome.Failed.class);
  }
}
