package dev.matriarch.agent.routing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.matriarch.agent.config.MatriarchConfig.PoolerConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One connection to PgBouncer's admin console, kept by a {@code psql} of its own: a command then
 * takes a tenth of a millisecond, where a new connection takes 20. For one thread at a time.
 *
 * <p>The JDBC driver cannot be used: on servers that call themselves older than 12, as PgBouncer
 * does, it begins with a SET that the console refuses.
 */
final class AdminSession implements AutoCloseable {
  private static final String END = "--end-of-answer ";

  /** Stands for the end of what psql says. */
  private static final String GONE = "\0";

  private final Process psql;
  private final OutputStream in;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private long asked;

  private AdminSession(Process psql) {
    this.psql = psql;
    this.in = psql.getOutputStream();
    var _ = Thread.ofVirtual().name("pooler-console").start(this::listen);
  }

  static AdminSession open(PoolerConfig config) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                "psql",
                "-XqAw",
                "-F",
                "\t",
                "-P",
                "footer=off",
                "-h",
                config.socketDir().toString(),
                "-p",
                Integer.toString(config.port()),
                "-U",
                config.admin().username(),
                "-d",
                "pgbouncer")
            .redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    if (!config.admin().password().isEmpty()) {
      builder.environment().put("PGPASSWORD", config.admin().password());
    }
    return new AdminSession(builder.start());
  }

  private void listen() {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(psql.getInputStream(), UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // Its process was ended: that is told below.
    } finally {
      lines.add(GONE);
    }
  }

  /**
   * The lines that answer a command, fields separated by tabs, their names first; a refusal is one
   * that begins with {@code ERROR}.
   *
   * @throws IOException if no whole answer came within the budget. The session is of no use then
   */
  List<String> ask(String command, Duration budget) throws IOException, InterruptedException {
    long until = System.nanoTime() + budget.toNanos();
    tell(command);
    String end = END + asked;
    List<String> answer = new ArrayList<>();
    while (true) {
      String line = lines.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new IOException("no answer after " + budget.toMillis() + " ms");
      }
      if (line.equals(GONE)) {
        lines.add(GONE);
        throw new IOException(
            answer.isEmpty() ? "its console is closed" : String.join(" ", answer));
      }
      if (line.equals(end)) {
        return answer;
      }
      answer.add(line.strip());
    }
  }

  /** Sends a command, and waits for no answer. */
  void tell(String command) throws IOException {
    asked++;
    try {
      in.write((command + ";\n\\echo " + END + asked + "\n").getBytes(UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new IOException("its console is closed: " + String.join(" ", lines), e);
    }
  }

  /** What has come of the last answer so far, which may still be on its way. */
  List<String> heard() {
    return List.copyOf(lines);
  }

  /** What was told last has been carried out, or refused. */
  boolean isAnswered() {
    return lines.contains(END + asked);
  }

  @Override
  public void close() {
    psql.destroyForcibly();
  }
}
