package dev.matriarch.cli;

import dev.matriarch.render.MonitoringFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes what a monitoring system of one's own needs. */
@Command(
    name = "monitoring",
    description =
        "Write scrape configuration and alert rules for Prometheus (or vmagent and vmalert), and"
            + " Grafana's dashboards.")
final class ConfigMonitoringCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private InventoryOption inventory;
  @Mixin private OutputOption output;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      required = true,
      description = "the folder to write them to; files of these names are replaced")
  private String folder;

  ConfigMonitoringCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Map<String, String> files =
        MonitoringFiles.of(InventoryFile.load(inventory.path(surroundings)));
    Path root = surroundings.resolve(folder);
    files.forEach((name, content) -> write(root.resolve(name), content));
    List<String> written =
        files.keySet().stream().map(name -> root.resolve(name).toString()).toList();
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("files", written);
    output.print(new Answer(data, String.join("\n", written) + "\n"), surroundings.out());
    return ExitCode.DONE.number();
  }

  private static void write(Path file, String content) {
    try {
      Files.createDirectories(file.getParent());
      // Whole or not at all: Prometheus may read it at any moment.
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, content);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new Refused(
          "%s: cannot be written: %s %s"
              .formatted(file, e.getClass().getSimpleName(), e.getMessage()));
    }
  }
}
