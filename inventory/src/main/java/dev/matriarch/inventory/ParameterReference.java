package dev.matriarch.inventory;

import java.util.List;
import java.util.Map;

/** Writes the reference of the inventory from the tables that check it. */
public final class ParameterReference {
  private ParameterReference() {}

  /** The whole page as Markdown. */
  public static String markdown() {
    StringBuilder page =
        new StringBuilder(
            """
            # Inventory reference

            Generated from the table of parameters; do not edit it by hand.

            An inventory is a YAML file of groups, bare or under `all.children`. A group has `hosts`
            (by address) and `vars`. A parameter of a host wins over its group's, that over the
            globals (`all.vars`, or `vars` at the top of a bare file), those over the default.
            Where no group `etcd` is declared, the first one, three or five hosts of the groups that
            are acted on run it. Parameters that are *not yet* acted on are read, and listed by `matriarch validate`.

            """);
    String section = "";
    for (Parameter parameter : Parameters.all()) {
      if (!parameter.section().equals(section)) {
        section = parameter.section();
        page.append(section.equals("PG_ID") ? "## " : "\n## ").append(section).append("\n\n");
        page.append("| parameter | type | default | level | acted on | what it is for |\n");
        page.append("|---|---|---|---|---|---|\n");
      }
      page.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  parameter.name(),
                  parameter.type(),
                  shown(parameter),
                  word(parameter.level()),
                  parameter.actedOn() ? "yes" : "not yet",
                  escaped(parameter.sentence())));
    }
    fields(page, "Fields of a user", FieldTables.USER);
    fields(page, "Fields of a role that a user is a member of", FieldTables.GRANT);
    fields(page, "Fields of a database", FieldTables.DATABASE);
    fields(page, "Fields of a service", FieldTables.SERVICE);
    fields(page, "Fields of an access rule", FieldTables.HBA);
    longDefaults(page);
    return page.toString();
  }

  private static void fields(StringBuilder page, String title, Map<String, Parameter> fields) {
    page.append("\n## ").append(title).append("\n\n");
    page.append("| field | type | default | what it is for |\n|---|---|---|---|\n");
    for (Parameter field : List.copyOf(fields.values())) {
      page.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(field.name(), field.type(), shown(field), escaped(field.sentence())));
    }
  }

  private static void longDefaults(StringBuilder page) {
    page.append("\n## Long defaults\n\n```yaml\n").append(DefaultObjects.YAML).append("```\n");
  }

  private static String shown(Parameter parameter) {
    Value value = parameter.defaultValue();
    String text =
        switch (value) {
          case Value.Absent _ -> "";
          case Value.Text(String t) -> t.isEmpty() ? "''" : t;
          case Value.Whole _, Value.Decimal _, Value.Flag _, Value.Items _, Value.Entries _ ->
              value.toString();
        };
    boolean isLong = DefaultObjects.YAML.contains(parameter.name() + ":\n");
    return text.isEmpty() ? "" : isLong ? "see below" : "`" + escaped(text) + "`";
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|");
  }

  private static String word(Level level) {
    return switch (level) {
      case GLOBAL -> "global";
      case CLUSTER -> "cluster";
      case INSTANCE -> "instance";
      case ARGUMENT -> "argument";
    };
  }
}
