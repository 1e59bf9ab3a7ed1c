package dev.matriarch.agent.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/**
 * One client: its requests, one after the other, on a thread of its own. A read ends by its own
 * deadline, with a sentence; what has none (a handshake in pieces, an answer that nobody takes in)
 * is cut off by {@link Crowd} a moment later.
 */
final class Connection implements Runnable {
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** For what a refused client still sends: cut off at once it would never read the answer. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private static final int LINGER_BYTES = 16 << 20;

  /** What all connections of a server share. */
  record Common(
      HttpLimits limits,
      Optional<TlsTerms> tls,
      HttpHandler handler,
      Semaphore largeBodies,
      Crowd crowd) {}

  private final Common common;
  private final HttpLimits limits;
  private final Socket raw;
  private volatile Phase phase;

  // Of the thread that serves it.
  private Socket socket;
  private Inflow in;

  Connection(Common common, Socket raw) {
    this.common = common;
    this.limits = common.limits();
    this.raw = raw;
    this.socket = raw;
    this.phase = new Phase.Ours().turnToClient(limits.headTime().plus(GRACE));
  }

  InetAddress from() {
    return raw.getInetAddress();
  }

  Phase phase() {
    return phase;
  }

  /** Ends it from outside: the raw socket closes at once, whatever TLS still has to say. */
  void cut() {
    try {
      raw.close();
    } catch (IOException e) {
      // Then it is closed.
    }
  }

  @Override
  public void run() {
    try {
      raw.setTcpNoDelay(true);
      if (common.tls().isPresent()) {
        raw.setSoTimeout((int) limits.headTime().toMillis());
        socket = common.tls().get().accept(raw);
      }
      in = new Inflow(socket);
      Duration patience = limits.headTime();
      while (asks(patience) && serve()) {
        patience = limits.idle();
      }
      phase = phase.turnToClient(GRACE);
      socket.close();
    } catch (IOException e) {
      // The client is gone, or was cut off.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      cut();
      common.crowd().leave(this);
    }
  }

  private boolean asks(Duration patience) throws IOException {
    phase = phase.turnToClient(patience.plus(GRACE));
    return in.awaits(patience);
  }

  /** Serves one request; false when no other can follow. */
  private boolean serve() throws IOException, InterruptedException {
    try {
      phase = phase.turnToClient(limits.headTime().plus(GRACE));
      in.allow(limits.headTime(), "head of the request");
      Head head = HeadReader.read(in, limits.head());
      BodyReader body = new BodyReader(head, in, limits.body());
      phase = new Phase.Ours();
      try (Exchange exchange = new Exchange(this, head, body, common.largeBodies())) {
        common.handler().handle(exchange);
        if (exchange.keepsOpen()) {
          return true;
        }
      }
    } catch (BadRequest bad) {
      refuse(bad.status(), bad.getMessage());
    }
    linger();
    return false;
  }

  byte[] receive(BodyReader body) throws IOException, BadRequest {
    phase = phase.turnToClient(limits.bodyTime().plus(GRACE));
    in.allow(limits.bodyTime(), "body of the request");
    byte[] read = body.read();
    phase = new Phase.Ours();
    return read;
  }

  void send(byte[] head, byte[] content) throws IOException {
    phase = phase.turnToClient(limits.answerTime());
    byte[] all = new byte[head.length + content.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(content, 0, all, head.length, content.length);
    OutputStream out = socket.getOutputStream();
    out.write(all);
    out.flush();
    phase = new Phase.Ours();
  }

  /** Says what is wrong and that the connection ends. */
  void refuse(int status, String sentence) throws IOException {
    byte[] content = sentence.getBytes(UTF_8);
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "text/plain; charset=utf-8",
            "Content-Length",
            Integer.toString(content.length));
    send(ReplyHead.bytes(status, headers, "close"), content);
  }

  /** There is no place for it; in a TLS connection that cannot be said. */
  void turnAway() {
    try {
      if (common.tls().isEmpty()) {
        refuse(429, "too many requests are being served; try again");
      }
    } catch (IOException e) {
      // Then it does not hear it.
    } finally {
      cut();
    }
  }

  private void linger() throws IOException {
    phase = phase.turnToClient(LINGER.plus(GRACE));
    socket.shutdownOutput();
    in.allow(LINGER, "end");
    byte[] waste = new byte[4096];
    try {
      for (int left = LINGER_BYTES; left > 0; ) {
        int got = in.read(waste, 0, waste.length);
        left = got < 0 ? 0 : left - got;
      }
    } catch (BadRequest late) {
      // It has had its time.
    }
  }

  boolean isCertified() {
    try {
      return socket instanceof SSLSocket tls && tls.getSession().getPeerCertificates().length > 0;
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }
}
