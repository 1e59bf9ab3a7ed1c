package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;

/**
 * One thing that is wrong in the inventory, with where it stands and the way out.
 *
 * @param file as the caller named it
 * @param line counted from 1
 * @param path of the key, such as {@code pg-test.hosts.10.10.10.12.pg_seq}; empty for the file
 * @param value as written, stars for a secret, empty when there is none
 * @param rule what is wrong with the value, the rest of a sentence that begins with it
 * @param wayOut what to do about it; empty when the rule says it
 */
public record Problem(
    String file, int line, String path, String value, String rule, String wayOut) {
  /** By line, then path: the order in which one mends a file. */
  public static final Comparator<Problem> BY_LINE =
      Comparator.comparingInt(Problem::line)
          .thenComparing(Problem::path)
          .thenComparing(Problem::rule);

  public Problem {
    requireNonNull(file, "file is null");
    requireNonNull(path, "path is null");
    requireNonNull(value, "value is null");
    requireNonNull(rule, "rule is null");
    requireNonNull(wayOut, "wayOut is null");
    if (line < 1) {
      throw new IllegalArgumentException("line " + line + " of " + file + " at " + path);
    }
  }

  /** {@code matriarch.yml:14: pg-test.hosts.10.10.10.12.pg_seq: 1 is taken by ...; give ...}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(file).append(':').append(line).append(": ");
    if (!path.isEmpty()) {
      text.append(path).append(": ");
    }
    if (!value.isEmpty()) {
      text.append(value).append(' ');
    }
    text.append(rule);
    if (!wayOut.isEmpty()) {
      text.append("; ").append(wayOut);
    }
    return text.toString();
  }
}
