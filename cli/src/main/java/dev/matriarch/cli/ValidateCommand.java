package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads an inventory and prints every error of it at once. */
@Command(name = "validate", description = "Check an inventory; print all of its errors at once.")
final class ValidateCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private InventoryOption inventory;
  @Mixin private OutputOption output;

  ValidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    throw new Refused(
        "%s: this build reads no inventory (%s)"
            .formatted(inventory.path(surroundings), output.format()));
  }
}
