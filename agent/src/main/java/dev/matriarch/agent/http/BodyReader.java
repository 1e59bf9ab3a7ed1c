package dev.matriarch.agent.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Reads the body that a head announces (RFC 9112, section 6). */
final class BodyReader {
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern CHUNK = Pattern.compile("[0-9a-fA-F]{1,8}");

  /** Characters of a line between chunks. */
  private static final int LINE = 256;

  private final Inflow in;
  private final int limit;
  private final boolean chunked;
  private final long length;

  /**
   * @throws BadRequest if the head does not say clearly how long the body is
   */
  BodyReader(Head head, Inflow in, int limit) throws BadRequest {
    this.in = in;
    this.limit = limit;
    List<String> encodings = head.all("transfer-encoding");
    List<String> lengths = head.all("content-length");
    this.chunked = !encodings.isEmpty();
    if (chunked
        && (!head.modern()
            || encodings.size() > 1
            || !encodings.getFirst().equalsIgnoreCase("chunked"))) {
      throw new BadRequest(400, "of transfer encodings only chunked is read, in HTTP/1.1");
    }
    if (lengths.size() > 1 || (chunked && !lengths.isEmpty())) {
      throw new BadRequest(400, "the length of the body is said twice");
    }
    if (lengths.stream().anyMatch(text -> !LENGTH.matcher(text).matches())) {
      throw new BadRequest(400, "Content-Length is no number of bytes");
    }
    this.length = lengths.isEmpty() ? 0 : Long.parseLong(lengths.getFirst());
  }

  boolean isEmpty() {
    return !chunked && length == 0;
  }

  /** Whether it may have more than so many bytes; one in chunks may. */
  boolean mayExceed(int bytes) {
    return chunked || length > bytes;
  }

  void refuseIfTooLarge() throws BadRequest {
    if (length > limit) {
      throw tooLarge();
    }
  }

  private BadRequest tooLarge() {
    return new BadRequest(413, "the body is larger than " + limit + " bytes");
  }

  byte[] read() throws IOException, BadRequest {
    ByteArrayOutputStream body = new ByteArrayOutputStream(256);
    if (!chunked) {
      take(length, body);
      return body.toByteArray();
    }
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      take(size, body);
      if (!line().isEmpty()) {
        throw new BadRequest(400, "a chunk of the body is not as long as it says");
      }
    }
    // What follows the last chunk are headers that nobody asked for; they are bounded too.
    for (int trailer = 0; !line().isEmpty(); trailer++) {
      if (trailer == 16) {
        throw new BadRequest(431, "too many headers follow the body");
      }
    }
    return body.toByteArray();
  }

  private long chunkSize() throws IOException, BadRequest {
    String line = line();
    int extension = line.indexOf(';');
    String size = (extension < 0 ? line : line.substring(0, extension)).strip();
    if (!CHUNK.matcher(size).matches()) {
      throw new BadRequest(400, "a chunk of the body does not say its size");
    }
    return Long.parseLong(size, 16);
  }

  private void take(long count, ByteArrayOutputStream body) throws IOException, BadRequest {
    if (body.size() + count > limit) {
      throw tooLarge();
    }
    byte[] piece = new byte[(int) Math.min(count, 4096)];
    for (long left = count; left > 0; ) {
      int got = in.read(piece, 0, (int) Math.min(left, piece.length));
      if (got < 0) {
        throw new BadRequest(400, "the body is shorter than it says");
      }
      body.write(piece, 0, got);
      left -= got;
    }
  }

  private String line() throws IOException, BadRequest {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() == LINE) {
        throw new BadRequest(400, "the body's chunks have no clear form");
      }
      line.append((char) b);
    }
    int end = line.length() - 1;
    return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
  }
}
