package dev.matriarch.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transcript of requests to live agents, in sections: each request is asked with {@code curl},
 * and its answer stands below it, with values that differ from run to run told as their kind.
 *
 * <p>A request is {@code WHO METHOD PATH [as nobody|as stranger] [< BODY]}. Members are {leader},
 * {replica} and {other}; {later} is a time to come, {large} a body of two megabytes, {binary} one
 * that is no text.
 */
final class RestWalk {
  private static final Pattern REQUEST =
      Pattern.compile("(\\S+) ([A-Z]+) (\\S+)(?: as (\\w+))?(?: < (.*))?");
  private static final List<String> HEADERS = List.of("content-type", "www-authenticate", "lsn");
  private static final String ANSWER = "    ";
  private static final int LONG = 100;
  private static final Map<String, String> LOGINS =
      Map.of("admin", "admin:secret", "stranger", "admin:guessed");

  private final LocalCluster cluster;
  private final List<String> lines;
  private final List<String> told = new ArrayList<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, Path> files;
  private final Map<String, String> bodies = new HashMap<>();
  private int at;

  RestWalk(LocalCluster cluster, Path transcript) throws IOException {
    this.cluster = cluster;
    this.lines = Files.readAllLines(transcript);
    this.files =
        Map.of(
            "{large}",
            Files.writeString(cluster.folder().resolve("large"), "x".repeat(2 << 20)),
            "{binary}",
            Files.write(cluster.folder().resolve("binary"), new byte[] {'"', (byte) 0xff, '"'}));
  }

  /** Makes the requests of the section that comes next. */
  void section(String heading) {
    while (at < lines.size() && !lines.get(at).startsWith("# ")) {
      keep(lines.get(at++));
    }
    if (at == lines.size() || !lines.get(at).equals("# " + heading)) {
      throw new TestbedException("the transcript does not go on with: " + heading);
    }
    told.add(lines.get(at++));
    meet();
    while (at < lines.size() && !lines.get(at).startsWith("# ")) {
      String line = lines.get(at++);
      keep(line);
      if (!line.isEmpty() && !line.startsWith(ANSWER)) {
        told.add(ANSWER + shortened(line, answer(named(line))));
      }
    }
  }

  /** The transcript with today's answers. */
  String text() {
    if (at < lines.size()) {
      throw new TestbedException("nobody asked for: " + lines.get(at));
    }
    return String.join("\n", told) + "\n";
  }

  /** What is answered otherwise than the transcript has it. */
  List<String> changes() {
    List<String> changes = new ArrayList<>();
    for (int i = 0; i < Math.max(told.size(), lines.size()); i++) {
      String now = i < told.size() ? told.get(i) : "";
      String before = i < lines.size() ? lines.get(i) : "";
      if (!now.equals(before)) {
        changes.add("%s%n was %s%n  is %s".formatted(told.get(i - 1), before.strip(), now.strip()));
      }
    }
    return changes;
  }

  /** A long answer stands where it comes first. */
  private String shortened(String request, String answer) {
    String body = answer.substring(answer.indexOf(' ') + 1);
    String first = bodies.putIfAbsent(body, request);
    return first == null || body.length() < LONG
        ? answer
        : answer.substring(0, answer.indexOf(' ')) + " as " + first;
  }

  private void keep(String line) {
    if (!line.startsWith(ANSWER)) {
      told.add(line);
    }
  }

  private void meet() {
    names.clear();
    List<String> replicas = cluster.replicas();
    String voters = cluster.key("sync");
    // Where one of two is synchronous, that is the one.
    boolean first = voters.contains(replicas.getFirst()) || !voters.contains(replicas.getLast());
    names.put("{leader}", cluster.leader());
    names.put("{replica}", first ? replicas.getFirst() : replicas.getLast());
    names.put("{other}", first ? replicas.getLast() : replicas.getFirst());
  }

  private String named(String line) {
    String text =
        line.replace(
            "{later}",
            Instant.now().plus(2, ChronoUnit.HOURS).truncatedTo(ChronoUnit.SECONDS) + "");
    for (Map.Entry<String, String> name : names.entrySet()) {
      text = text.replace(name.getKey(), name.getValue());
    }
    return text;
  }

  private String anonymous(String text) {
    String without = text;
    for (Map.Entry<String, String> name : names.entrySet()) {
      without =
          without.replaceAll(
              "\\b" + name.getValue() + "\\b", Matcher.quoteReplacement(name.getKey()));
    }
    return without;
  }

  private String answer(String line) {
    Matcher request = REQUEST.matcher(line);
    if (!request.matches()) {
      throw new TestbedException("no request: " + line);
    }
    String answer = anonymous(Shell.run(curl(request), Duration.ofSeconds(60), "").output());
    int blank = answer.indexOf("\r\n\r\n");
    if (blank < 0) {
      return "no answer: " + answer.strip();
    }
    List<String> head = answer.substring(0, blank).lines().toList();
    StringBuilder text = new StringBuilder(head.getFirst().split(" ", 3)[1]);
    String type = "";
    for (String header : head.subList(1, head.size())) {
      String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
      String value = header.substring(name.length() + 1).strip();
      if (name.equals("content-type")) {
        type = value.split(";", 2)[0];
        text.append(' ').append(type);
      } else if (HEADERS.contains(name)) {
        text.append(" [").append(name).append(": ").append(Shape.value(value)).append(']');
      }
    }
    return text.append(Shape.of(type, answer.substring(blank + 4))).toString();
  }

  private List<String> curl(Matcher request) {
    String method = request.group(2);
    String login = request.group(4) == null ? "admin" : request.group(4);
    // Without Expect a body that is too large is answered once, not by an interim answer first.
    List<String> line = new ArrayList<>(List.of("curl", "-sS", "-i", "-H", "Expect:"));
    line.addAll(method.equals("HEAD") ? List.of("-I") : List.of("-X", method));
    if (LOGINS.containsKey(login)) {
      line.addAll(List.of("-u", LOGINS.get(login)));
    }
    String body = request.group(5);
    if (body != null) {
      line.addAll(List.of("--data-binary", files.containsKey(body) ? "@" + files.get(body) : body));
    }
    line.add(cluster.rest(request.group(1)) + request.group(3));
    return line;
  }
}
