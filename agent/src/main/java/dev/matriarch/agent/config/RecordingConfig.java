package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.chronicle.Limits;
import dev.matriarch.chronicle.Ring;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where decisions are recorded, and how many are kept.
 *
 * @param folder empty for the standard place, beside the data directory
 */
public record RecordingConfig(Optional<Path> folder, int mebibytes, int days) {
  public static final RecordingConfig STANDARD = new RecordingConfig(Optional.empty(), 16, 7);

  public RecordingConfig {
    requireNonNull(folder, "folder is null");
  }

  public Ring ring(Path dataDirectory) {
    Path beside = dataDirectory.resolveSibling(dataDirectory.getFileName() + ".recording");
    return new Ring(
        folder.orElse(beside), new Limits((long) mebibytes << 20, Duration.ofDays(days)));
  }

  static RecordingConfig read(Section section) {
    RecordingConfig config =
        new RecordingConfig(
            section.absolutePath("dir"),
            section.number("max_mb", 1, 1024, STANDARD.mebibytes),
            section.number("max_days", 1, 365, STANDARD.days));
    section.done();
    return config;
  }
}
