package dev.matriarch.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --inventory}: given, else {@code ./matriarch.yml}, else the environment's. */
public final class InventoryOption {
  /** The file looked for where the command runs. */
  public static final String DEFAULT_FILE = "matriarch.yml";

  /** The variable that names the file when there is none where the command runs. */
  public static final String VARIABLE = "MATRIARCH_INVENTORY";

  @Option(
      names = {"-i", "--inventory"},
      paramLabel = "FILE",
      description = "inventory (default: ./matriarch.yml, else $MATRIARCH_INVENTORY)")
  private String file;

  /** The inventory's path; it need not be readable, but something must name it. */
  public Path path(Surroundings surroundings) {
    if (file != null) {
      return surroundings.resolve(file);
    }
    Path here = surroundings.resolve(DEFAULT_FILE);
    if (Files.exists(here)) {
      return here;
    }
    return Optional.ofNullable(surroundings.environment().get(VARIABLE))
        .filter(name -> !name.isEmpty())
        .map(surroundings::resolve)
        .orElseThrow(
            () ->
                new Refused(
                    "no inventory: %s does not exist and $%s is not set; name one with --inventory FILE"
                        .formatted(here, VARIABLE)));
  }
}
