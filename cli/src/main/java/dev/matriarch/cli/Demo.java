package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Inventory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Starts the demo: checks, then its inventory, then its nodes, then waits until it serves. */
final class Demo {
  private static final int USUAL_NODES = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Surroundings surroundings;
  private final DemoFolder folder;
  private final RandomGenerator random;
  private final Progress progress;

  Demo(Surroundings surroundings, DemoFolder folder, RandomGenerator random) {
    this.surroundings = requireNonNull(surroundings, "surroundings");
    this.folder = requireNonNull(folder, "folder");
    this.random = requireNonNull(random, "random");
    this.progress = new Progress(surroundings.err(), System::nanoTime);
  }

  /** Starts what does not run yet; returns when it serves, or refuses with nothing left running. */
  void start(Optional<Integer> wantedNodes) {
    installPackages();
    Inventory inventory = inventory(wantedNodes);
    List<SupervisedNode> nodes = folder.nodes(inventory);
    List<SupervisedNode> idle = nodes.stream().filter(node -> !node.isRunning()).toList();
    if (idle.isEmpty()) {
      throw new Refused(
          "it already runs below %s; look at it with: %s demo status%s; stop it with: %s demo stop%s"
              .formatted(folder.root(), launcher(), rootOption(), launcher(), rootOption()));
    }
    List<String> taken = new DemoChecks(folder).takenPorts(inventory);
    if (!taken.isEmpty()) {
      throw new Refused(taken);
    }
    Installation here = new Installation(surroundings.home());
    Installation used = here.readableByAll(folder.installation());
    List<NodeSetup> setups =
        idle.stream()
            .map(node -> new NodeSetup(inventory, node.address(), used, node.folder()))
            .toList();
    // All checks before all files, and all files before the first process.
    setups.forEach(NodeSetup::check);
    here.copyTo(used);
    setups.forEach(NodeSetup::write);
    writePasswords(inventory);
    DemoStop stop = new DemoStop(nodes, progress);
    Thread onSignal = new Thread(() -> stopAndLeave(stop));
    Runtime.getRuntime().addShutdownHook(onSignal);
    idle.forEach(node -> node.start(used.supervisor()));
    progress.say("started %d nodes below %s".formatted(idle.size(), folder.root()));
    List<String> silent = new Readiness(inventory, progress::say).await(PATIENCE);
    Runtime.getRuntime().removeShutdownHook(onSignal);
    if (!silent.isEmpty()) {
      stop.run();
      throw new Refused(
          "after %d s these did not answer: %s; the reasons are in %s/*/log"
              .formatted(PATIENCE.toSeconds(), String.join(", ", silent), folder.root()));
    }
    surroundings.out().print(new DemoGuide(folder, inventory, launcher(), rootOption()).text());
    surroundings.out().flush();
  }

  /** Stays until a signal comes, then stops everything; also ends when the nodes were stopped. */
  void stay() {
    List<SupervisedNode> nodes = folder.nodes(InventoryFile.load(folder.inventory()));
    Thread onSignal = new Thread(() -> stopAndLeave(new DemoStop(nodes, progress)));
    Runtime.getRuntime().addShutdownHook(onSignal);
    progress.say("serving; Ctrl-C stops it");
    for (SupervisedNode node : nodes) {
      node.awaitEnd();
    }
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException _) {
      // The signal came: the hook itself ends this process.
      return;
    }
    progress.say("all nodes were stopped");
  }

  private static void stopAndLeave(DemoStop stop) {
    stop.run();
    // A signal asked for this, so it is no failure.
    Runtime.getRuntime().halt(ExitCode.DONE.number());
  }

  private void installPackages() {
    List<String> missing = DemoChecks.missingPackages();
    if (missing.isEmpty()) {
      return;
    }
    if (!OperatingSystem.isRoot()) {
      throw new Refused(
          "not installed: %s; as root: apt-get install -y --no-install-recommends %s (or run the demo as root, which installs them)"
              .formatted(String.join(", ", missing), String.join(" ", missing)));
    }
    progress.say("installing " + String.join(", ", missing) + " ...");
    Path script = surroundings.home().resolve("bin").resolve("install-packages");
    try {
      int status =
          new ProcessBuilder(script.toString())
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start()
              .waitFor();
      if (status != 0 || !DemoChecks.missingPackages().isEmpty()) {
        throw new Refused("%s did not install them (exit %d)".formatted(script, status));
      }
    } catch (IOException e) {
      throw new Refused("%s: cannot be run: %s".formatted(script, e.getMessage()));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Refused("interrupted while packages were installed");
    }
  }

  private Inventory inventory(Optional<Integer> wantedNodes) {
    if (folder.hasInventory()) {
      Inventory found = InventoryFile.load(folder.inventory());
      int nodes = found.nodes().size();
      if (wantedNodes.isPresent() && wantedNodes.get() != nodes) {
        throw new Refused(
            "%s: holds a demo of %d nodes, --nodes %d was asked for; choose another with --root DIR"
                .formatted(folder.root(), nodes, wantedNodes.get()));
      }
      refuse(new DemoChecks(folder).folderProblems(nodes));
      progress.say("going on with the data below " + folder.root());
      return found;
    }
    int nodes = wantedNodes.orElse(USUAL_NODES);
    String user = OperatingSystem.isRoot() ? "postgres" : OperatingSystem.user();
    String text = new DemoInventory(random).text(nodes, DemoChecks.newestPostgres(), user);
    List<String> problems = new ArrayList<>(new DemoChecks(folder).folderProblems(nodes));
    problems.addAll(
        new DemoChecks(folder).takenPorts(InventoryFile.parse("the demo's inventory", text)));
    refuse(problems);
    writePrivate(folder.inventory(), text);
    return InventoryFile.load(folder.inventory());
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
  }

  private void writePasswords(Inventory inventory) {
    StringBuilder lines = new StringBuilder();
    inventory.clusters().stream()
        .flatMap(cluster -> cluster.users().stream())
        .forEach(
            user ->
                user.password()
                    .ifPresent(
                        p -> lines.append("*:*:*:%s:%s%n".formatted(user.name(), p.reveal()))));
    writePrivate(folder.passwords(), lines.toString());
  }

  private void writePrivate(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, List.of(text.stripTrailing()), StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new Refused("%s: cannot be written: %s".formatted(file, e.getMessage()));
    }
  }

  private String rootOption() {
    return folder.equals(DemoFolder.usual(surroundings.environment()))
        ? ""
        : " --root " + folder.root();
  }

  private String launcher() {
    Path here = surroundings.workingDirectory();
    Path launcher = surroundings.home().resolve("matriarch");
    return launcher.getParent().equals(here) ? "./matriarch" : launcher.toString();
  }
}
