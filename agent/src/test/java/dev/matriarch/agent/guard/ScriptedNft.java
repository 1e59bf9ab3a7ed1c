package dev.matriarch.agent.guard;

import dev.matriarch.agent.config.MatriarchConfig.GuardConfig;
import dev.matriarch.agent.config.MatriarchConfig.GuardMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;

/** A command in the place of {@code nft} that keeps the last script, and can be made to hang. */
public final class ScriptedNft {
  private final Path folder;

  /** In a folder of the test's own. */
  public ScriptedNft(Path folder) throws IOException {
    this.folder = folder;
    Path nft = folder.resolve("nft");
    Files.writeString(
        nft,
        """
        #!/bin/sh
        [ -e '%1$s/stuck' ] && exec sleep 60
        cat >'%1$s/new' && mv '%1$s/new' '%1$s/script'
        """
            .formatted(folder));
    Files.setPosixFilePermissions(nft, PosixFilePermissions.fromString("rwx------"));
  }

  /** The door of port 5432 by it. */
  public LeaseGuard guard(InstantSource clock) {
    return new LeaseGuard(
        "pg-test-1",
        new GuardConfig(GuardMode.AUTO, "127.0.0.11", List.of(5432)),
        clock,
        folder.toString());
  }

  /** From now on no script is taken. */
  public void hang() throws IOException {
    Files.createFile(folder.resolve("stuck"));
  }

  /** The last script that was taken. */
  public String script() throws IOException {
    return Files.readString(folder.resolve("script"));
  }
}
