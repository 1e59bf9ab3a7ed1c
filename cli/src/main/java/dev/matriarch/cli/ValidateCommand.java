package dev.matriarch.cli;

import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.InventoryResult;
import dev.matriarch.inventory.NotActedOn;
import dev.matriarch.inventory.Problem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Reads an inventory and prints every error of it at once. */
@Command(name = "validate", description = "Check an inventory; print all of its errors at once.")
final class ValidateCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private InventoryOption inventory;
  @Mixin private OutputOption output;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "the same as --inventory FILE")
  private String file;

  ValidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path path = file == null ? inventory.path(surroundings) : surroundings.resolve(file);
    return switch (InventoryFile.read(path)) {
      case InventoryResult.Valid(Inventory valid) -> {
        valid.warnings().forEach(w -> surroundings.err().println("warning: " + w));
        output.print(new Answer(data(valid), text(valid)), surroundings.out());
        yield ExitCode.DONE.number();
      }
      case InventoryResult.Invalid(List<Problem> problems) -> {
        if (output.format() == OutputFormat.table) {
          problems.forEach(problem -> surroundings.err().println(problem));
          surroundings.err().println(count(problems.size(), "error") + "; nothing was done");
        } else {
          output.print(new Answer(data(problems), ""), surroundings.out());
        }
        yield ExitCode.REFUSED.number();
      }
    };
  }

  private static Map<String, Object> data(List<Problem> problems) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("valid", false);
    data.put("errors", problems.stream().map(ValidateCommand::data).toList());
    return data;
  }

  private static Map<String, Object> data(Inventory valid) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("valid", true);
    data.put("errors", List.of());
    data.put("warnings", valid.warnings().stream().map(ValidateCommand::data).toList());
    data.put("not_acted_on", valid.notActedOn().stream().map(ValidateCommand::data).toList());
    data.put("clusters", valid.clusters().size());
    data.put("instances", instances(valid));
    data.put("nodes", valid.nodes().size());
    return data;
  }

  private static Map<String, Object> data(Problem problem) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", problem.file());
    data.put("line", problem.line());
    data.put("path", problem.path());
    data.put("value", problem.value());
    data.put("rule", problem.rule());
    data.put("way_out", problem.wayOut());
    data.put("message", problem.toString());
    return data;
  }

  private static Map<String, Object> data(NotActedOn left) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", left.file());
    data.put("line", left.line());
    data.put("path", left.path());
    data.put("reason", left.reason());
    return data;
  }

  private static String text(Inventory valid) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s is valid: %s, %s, %s, %s%n"
            .formatted(
                valid.file(),
                count(valid.clusters().size(), "cluster"),
                count(instances(valid), "instance"),
                count(valid.nodes().size(), "node"),
                count(valid.etcd().members().size(), "etcd member")));
    if (!valid.notActedOn().isEmpty()) {
      text.append("read but not acted on:\n");
      valid
          .notActedOn()
          .forEach(
              l -> text.append("  line %d: %s: %s%n".formatted(l.line(), l.path(), l.reason())));
    }
    return text.toString();
  }

  private static int instances(Inventory valid) {
    return valid.clusters().stream().mapToInt(c -> c.instances().size()).sum();
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
