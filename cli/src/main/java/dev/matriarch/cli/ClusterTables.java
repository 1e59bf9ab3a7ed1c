package dev.matriarch.cli;

import dev.matriarch.engine.MoveRequest;
import dev.matriarch.fleet.ClusterOverview;
import dev.matriarch.fleet.MemberOverview;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Members as the field's tools show them: the same columns, the same names in JSON. */
final class ClusterTables {
  private static final String[] COLUMNS = {"Member", "Host", "Role", "State", "TL", "Lag in MB"};

  private ClusterTables() {}

  static String list(ClusterOverview cluster, Palette palette) {
    TextTable table = new TextTable(palette, COLUMNS);
    cluster.members().forEach(member -> row(table, member, ""));
    return table.render(title(cluster)) + notes(cluster);
  }

  /** The same, each member below the one that it streams from. */
  static String tree(ClusterOverview cluster, Palette palette) {
    TextTable table = new TextTable(palette, COLUMNS);
    List<MemberOverview> roots = roots(cluster);
    roots.forEach(root -> branch(table, cluster, root, 0));
    return table.render(title(cluster)) + notes(cluster);
  }

  private static void branch(
      TextTable table, ClusterOverview cluster, MemberOverview member, int depth) {
    row(table, member, depth == 0 ? "" : "  ".repeat(depth - 1) + "+ ");
    // A ring of members that follow each other has no root, so that this ends.
    cluster.followersOf(member).forEach(next -> branch(table, cluster, next, depth + 1));
  }

  /** The leader, or, where nobody leads, all who follow nobody that is known. */
  private static List<MemberOverview> roots(ClusterOverview cluster) {
    return cluster.members().stream()
        .filter(
            m ->
                m.label().leads()
                    || (cluster.leader().isEmpty() && cluster.member(m.follows()).isEmpty()))
        .toList();
  }

  private static void row(TextTable table, MemberOverview member, String indent) {
    table.row(
        indent + member.name(),
        member.host(),
        member.label().toString(),
        member.state(),
        member.timeline() == 0 ? "" : Integer.toString(member.timeline()),
        switch (member.lag()) {
          case MemberOverview.Lag.None _ -> "";
          case MemberOverview.Lag.Unknown _ -> "unknown";
          case MemberOverview.Lag.Behind behind -> Long.toString(behind.mebibytes());
        });
  }

  private static String title(ClusterOverview cluster) {
    String identifier =
        cluster.systemIdentifier().isEmpty() ? "uninitialized" : cluster.systemIdentifier();
    return "Cluster: %s (%s)".formatted(cluster.name(), identifier);
  }

  private static String notes(ClusterOverview cluster) {
    StringBuilder notes = new StringBuilder();
    if (cluster.paused()) {
      notes.append(" Maintenance mode: on\n");
    }
    cluster.request().ifPresent(request -> notes.append(note(request)));
    return notes.toString();
  }

  private static String note(MoveRequest request) {
    return " %s asked for%s%s%s%n"
        .formatted(
            request.isSwitchover() ? "Switchover" : "Failover",
            request.scheduledAt().map(at -> " at " + at).orElse(""),
            request.leader().isEmpty() ? "" : " from " + request.leader(),
            request.candidate().isEmpty() ? "" : " to " + request.candidate());
  }

  /** One member, with the keys that the field's tools use. */
  static Map<String, Object> data(String cluster, MemberOverview member) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("Cluster", cluster);
    data.put("Member", member.name());
    data.put("Host", member.host());
    data.put("Role", member.label().toString());
    data.put("State", member.state());
    if (member.timeline() > 0) {
      data.put("TL", member.timeline());
    }
    switch (member.lag()) {
      case MemberOverview.Lag.None _ -> {}
      case MemberOverview.Lag.Unknown _ -> data.put("Lag in MB", "unknown");
      case MemberOverview.Lag.Behind behind -> data.put("Lag in MB", behind.mebibytes());
    }
    if (member.pendingRestart()) {
      data.put("Pending restart", "*");
    }
    return data;
  }

  static List<Map<String, Object>> data(ClusterOverview cluster) {
    return cluster.members().stream().map(member -> data(cluster.name(), member)).toList();
  }

  static List<Map<String, Object>> treeData(ClusterOverview cluster) {
    return roots(cluster).stream().map(root -> branchData(cluster, root)).toList();
  }

  private static Map<String, Object> branchData(ClusterOverview cluster, MemberOverview member) {
    Map<String, Object> data = data(cluster.name(), member);
    List<Object> below = new ArrayList<>();
    cluster.followersOf(member).forEach(next -> below.add(branchData(cluster, next)));
    if (!below.isEmpty()) {
      data.put("Followers", below);
    }
    return data;
  }
}
