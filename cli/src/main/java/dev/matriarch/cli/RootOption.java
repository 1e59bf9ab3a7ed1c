package dev.matriarch.cli;

import picocli.CommandLine.Option;

/** The option {@code --root} of the demo's verbs. */
final class RootOption {
  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "where everything goes (default: /var/lib/matriarch/demo as root, else"
              + " ~/.local/state/matriarch/demo)")
  private String root;

  /** The demo's folder. */
  DemoFolder folder(Surroundings surroundings) {
    return root == null
        ? DemoFolder.usual(surroundings.environment())
        : new DemoFolder(surroundings.resolve(root));
  }
}
