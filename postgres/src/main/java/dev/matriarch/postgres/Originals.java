package dev.matriarch.postgres;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The operator's own configuration files where they are not in the data directory. They are read
 * where they are and never written.
 *
 * @param conf what counts as the original postgresql.conf, on every server of the cluster
 * @param folder holds postgresql.conf, pg_hba.conf and pg_ident.conf, each if it is there
 */
public record Originals(Optional<Path> conf, Optional<Path> folder) {
  /** All is in the data directory. */
  public static final Originals IN_DATA = new Originals(Optional.empty(), Optional.empty());

  public Originals {
    requireNonNull(conf, "conf is null");
    requireNonNull(folder, "folder is null");
  }
}
