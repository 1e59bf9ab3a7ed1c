package dev.matriarch.agent.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the head of a request (RFC 9112), strictly where two readers could differ. */
final class HeadReader {
  private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";

  private final Inflow in;
  private final int limit;
  private int taken;

  private HeadReader(Inflow in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** The next request's, at most {@code limit} bytes. */
  static Head read(Inflow in, int limit) throws IOException, BadRequest {
    return new HeadReader(in, limit).head();
  }

  private Head head() throws IOException, BadRequest {
    String first = line(414, "the request line");
    while (first.isEmpty()) {
      first = line(414, "the request line");
    }
    String[] words = first.split(" ", -1);
    if (words.length != 3 || !isToken(words[0])) {
      throw new BadRequest(400, "the first line is no request: METHOD PATH HTTP/1.1 is expected");
    }
    boolean modern = words[2].equals("HTTP/1.1");
    if (!modern && !words[2].equals("HTTP/1.0")) {
      throw new BadRequest(400, "only HTTP/1.0 and HTTP/1.1 are spoken here");
    }
    URI target = target(words[1]);
    String path = target.getPath() == null || target.getPath().isEmpty() ? "/" : target.getPath();
    String query = target.getRawQuery() == null ? "" : target.getRawQuery();
    return new Head(words[0], path, query, modern, headers());
  }

  private static URI target(String text) throws BadRequest {
    try {
      if (text.equals("*")) {
        return new URI("/");
      }
      // A path that begins with two slashes must not be taken for a host's name.
      return text.startsWith("/") ? new URI("http://here" + text) : new URI(text);
    } catch (URISyntaxException e) {
      throw new BadRequest(400, "the address is none: " + e.getReason());
    }
  }

  private Map<String, List<String>> headers() throws IOException, BadRequest {
    Map<String, List<String>> headers = new HashMap<>();
    for (String line = line(431, "the header"); !line.isEmpty(); line = line(431, "the header")) {
      int colon = line.indexOf(':');
      if (colon < 0 || !isToken(line.substring(0, colon))) {
        throw new BadRequest(400, "a header line is not NAME: VALUE");
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), n -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
    return headers;
  }

  private String line(int tooLong, String what) throws IOException, BadRequest {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new BadRequest(400, "the request ends within its head");
      }
      if (++taken >= limit) {
        throw new BadRequest(tooLong, what + " is too long: " + limit + " bytes are read");
      }
      bytes.write(b);
    }
    // Empty lines count as well: a client could send nothing else for ever.
    taken++;
    String line = bytes.toString(ISO_8859_1);
    String bare = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    if (bare.chars().anyMatch(c -> c != '\t' && (c < ' ' || c == 0x7f))) {
      throw new BadRequest(400, what + " holds control characters");
    }
    return bare;
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c ->
                    (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || TOKEN_SIGNS.indexOf(c) >= 0);
  }
}
