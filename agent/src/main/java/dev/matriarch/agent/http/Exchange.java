package dev.matriarch.agent.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** One request and its answer. For one thread. */
public final class Exchange implements AutoCloseable {
  /** Bodies up to this are read at once; larger ones take turns, so that memory suffices. */
  private static final int SMALL = 16 << 10;

  private static final long TURN_SECONDS = 2;

  private final Connection connection;
  private final Head head;
  private final BodyReader body;
  private final Semaphore turns;
  private boolean hasTurn;
  private boolean taken;
  private boolean answered;

  Exchange(Connection connection, Head head, BodyReader body, Semaphore turns) {
    this.connection = connection;
    this.head = head;
    this.body = body;
    this.turns = turns;
    this.taken = body.isEmpty();
  }

  public Head head() {
    return head;
  }

  public InetAddress from() {
    return connection.from();
  }

  /** Whether the client has shown a certificate that is trusted here. */
  public boolean isCertified() {
    return connection.isCertified();
  }

  /** The whole body; empty when it was taken before. */
  public byte[] body() throws IOException, BadRequest, InterruptedException {
    if (taken) {
      return new byte[0];
    }
    if (!head.all("content-encoding").stream().allMatch("identity"::equalsIgnoreCase)) {
      throw new BadRequest(415, "the body must come as it is, not compressed");
    }
    body.refuseIfTooLarge();
    hasTurn = body.mayExceed(SMALL) && turns.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS);
    if (body.mayExceed(SMALL) && !hasTurn) {
      throw new BadRequest(503, "other large bodies are being read; try again");
    }
    if (head.expectsToContinue()) {
      connection.send("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1), new byte[0]);
    }
    byte[] read = connection.receive(body);
    taken = true;
    return read;
  }

  /** Sends the answer; to a HEAD request only its headers. */
  public void answer(int status, Map<String, String> headers, byte[] content) throws IOException {
    answered = true;
    Map<String, String> all = new HashMap<>(headers);
    boolean bodiless = head.method().equals("HEAD");
    if (!bodiless) {
      all.put("Content-Length", Integer.toString(content.length));
    }
    String after = !keepsOpen() ? "close" : head.modern() ? "" : "keep-alive";
    connection.send(ReplyHead.bytes(status, all, after), bodiless ? new byte[0] : content);
  }

  /** Whether another request can follow: a body that nobody has read would be taken for one. */
  boolean keepsOpen() {
    return taken && head.keepsOpen();
  }

  boolean isAnswered() {
    return answered;
  }

  @Override
  public void close() {
    if (hasTurn) {
      hasTurn = false;
      turns.release();
    }
  }
}
