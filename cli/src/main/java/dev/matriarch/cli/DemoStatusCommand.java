package dev.matriarch.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what of the demo runs. The exit code is 0 when all of it does, else 1. */
@Command(name = "status", description = "Say what of the demo runs.")
final class DemoStatusCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private RootOption root;
  @Mixin private OutputOption output;

  DemoStatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    DemoFolder folder = root.folder(surroundings);
    if (!folder.hasInventory()) {
      throw new Refused(folder.root() + ": there is no demo; start one with: matriarch demo");
    }
    TextTable table = new TextTable(Palette.of(surroundings), "Node", "Service", "State", "Pid");
    List<Object> data = new ArrayList<>();
    boolean all = true;
    for (SupervisedNode node : folder.nodes(InventoryFile.load(folder.inventory()))) {
      all &= add(table, data, node, "supervisor", node.supervisor());
      for (SupervisedNode.Service service : node.services()) {
        all &= add(table, data, node, service.name(), service.pid());
      }
    }
    output.print(new Answer(data, table.render(folder.root().toString())), surroundings.out());
    return all ? ExitCode.DONE.number() : ExitCode.REFUSED.number();
  }

  private static boolean add(
      TextTable table, List<Object> data, SupervisedNode node, String service, OptionalLong pid) {
    String state = pid.isPresent() ? "running" : "stopped";
    String number = pid.isPresent() ? Long.toString(pid.getAsLong()) : "";
    table.row(node.address().text(), service, state, number);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("node", node.address().text());
    row.put("service", service);
    row.put("state", state);
    pid.ifPresent(p -> row.put("pid", p));
    data.add(row);
    return pid.isPresent();
  }
}
