package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.chronicle.Limits;
import dev.matriarch.chronicle.Ring;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Records the failover anew that the chronicle's tests replay: for when the engine knows more than
 * its agents did when it was recorded. Run by name, with {@code -Dgolden.record=true}; otherwise it
 * only looks whether there would be something to keep.
 */
@Tag("root")
@Tag("bench")
class GoldenRecordingTest {
  private static final Path GOLDEN =
      Path.of("../chronicle/src/test/resources/failover").toAbsolutePath();

  @Test
  void aNodeCrashIsRecordedByAllMembers() throws IOException {
    try (Product product = Product.serving("pg_rto: 5")) {
      Outcome outcome =
          Scenario.of(new Fault.NodeCrash())
              .holding(Duration.ofSeconds(5))
              .run(product.cluster(), "golden");
      assertThat(outcome.faults(false)).as(outcome.line()).isEmpty();
      if (Boolean.getBoolean("golden.record")) {
        clear();
      }
      for (int seq = 1; seq <= 3; seq++) {
        keep(product.folder().resolve("n" + seq).resolve("log/recording"), "pg-test-" + seq);
      }
    }
  }

  private static void clear() throws IOException {
    try (Stream<Path> all = Files.list(GOLDEN)) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
  }

  private static void keep(Path folder, String member) throws IOException {
    List<Path> files = new Ring(folder, Limits.STANDARD).files();
    assertThat(files).as(folder.toString()).isNotEmpty();
    for (int i = 0; i < files.size() && Boolean.getBoolean("golden.record"); i++) {
      try (OutputStream out =
          new GZIPOutputStream(
              Files.newOutputStream(GOLDEN.resolve("%s-%d.jsonl.gz".formatted(member, i + 1))))) {
        copy(files.get(i), out);
      }
    }
  }

  /** A file that is being written to has no end yet; what is kept has one. */
  private static void copy(Path file, OutputStream out) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        out.write(some, 0, read);
      }
    } catch (EOFException e) {
      out.flush();
    }
  }
}
