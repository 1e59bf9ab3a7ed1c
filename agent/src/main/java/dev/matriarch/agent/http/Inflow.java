package dev.matriarch.agent.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** The bytes of one client, each awaited until a deadline. For one thread. */
final class Inflow {
  private final Socket socket;
  private final InputStream in;
  private final byte[] buffer = new byte[2048];
  private int next;
  private int end;
  private long deadline;
  private Duration allowed = Duration.ZERO;
  private String what = "";

  Inflow(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /** From now on what is read has this much time. */
  void allow(Duration time, String thing) {
    deadline = System.nanoTime() + time.toNanos();
    allowed = time;
    what = thing;
  }

  /** Whether anything comes in that time, before the client closes. */
  boolean awaits(Duration time) throws IOException {
    allow(time, "request");
    if (next < end) {
      return true;
    }
    try {
      return fill();
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** The next byte; -1 at the end. */
  int read() throws IOException, BadRequest {
    return next < end || filled() ? buffer[next++] & 0xff : -1;
  }

  /** At least one byte, unless the client has closed: -1. */
  int read(byte[] into, int offset, int length) throws IOException, BadRequest {
    if (next == end && !filled()) {
      return -1;
    }
    int count = Math.min(length, end - next);
    System.arraycopy(buffer, next, into, offset, count);
    next += count;
    return count;
  }

  private boolean filled() throws IOException, BadRequest {
    try {
      return fill();
    } catch (SocketTimeoutException e) {
      throw new BadRequest(
          408, "the %s was not complete within %d ms".formatted(what, allowed.toMillis()));
    }
  }

  private boolean fill() throws IOException {
    long left = (deadline - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      throw new SocketTimeoutException("its time is over");
    }
    socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    int count = in.read(buffer);
    next = 0;
    end = Math.max(0, count);
    return count > 0;
  }
}
