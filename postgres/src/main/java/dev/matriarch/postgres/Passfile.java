package dev.matriarch.postgres;

import java.nio.file.Path;

/** libpq's password file, 0600, so that no password stands on a command line or in a setting. */
final class Passfile {
  private final OwnedFiles files;
  private final Path path;

  Passfile(OwnedFiles files, Path path) {
    this.files = files;
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** Holds this upstream's password from now on, and no other. */
  void hold(Upstream upstream) {
    files.directory(path.getParent());
    files.writeIfChanged(
        path, upstream.password().map(secret -> line(upstream, secret)).orElse(""));
  }

  void delete() {
    files.delete(path);
  }

  private static String line(Upstream upstream, Secret secret) {
    return String.join(
            ":",
            escape(upstream.host()),
            String.valueOf(upstream.port()),
            "*",
            escape(upstream.user()),
            escape(secret.reveal()))
        + "\n";
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace(":", "\\:");
  }
}
