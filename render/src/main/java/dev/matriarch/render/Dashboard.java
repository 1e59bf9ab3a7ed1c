package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A board of Grafana: panels in rows of 24 columns, for one cluster at a time ({@code $cls}), from
 * whatever data source the reader chooses.
 *
 * @param name of the file, and what Grafana knows it by
 */
record Dashboard(String name, String title, List<Panel> panels) {
  private static final int COLUMNS = 24;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  Dashboard {
    requireNonNull(name, "name is null");
    requireNonNull(title, "title is null");
    panels = List.copyOf(panels);
  }

  /** How a panel shows what it asks for. */
  enum Kind {
    STAT("stat", 6, 4),
    GRAPH("timeseries", 12, 8),
    STATES("state-timeline", 24, 7),
    BARS("bargauge", 12, 8),
    TABLE("table", 12, 8);

    private final String wire;
    private final int width;
    private final int height;

    Kind(String wire, int width, int height) {
      this.wire = wire;
      this.width = width;
      this.height = height;
    }
  }

  /**
   * @param unit as Grafana names it, such as {@code bytes} or {@code s}
   */
  record Panel(Kind kind, String title, String unit, List<Query> queries) {
    Panel {
      requireNonNull(kind, "kind is null");
      requireNonNull(title, "title is null");
      requireNonNull(unit, "unit is null");
      queries = List.copyOf(queries);
    }

    Panel(Kind kind, String title, String unit, String expression, String legend) {
      this(kind, title, unit, List.of(new Query(expression, legend)));
    }
  }

  /**
   * @param legend {@code {{ins}}} stands for a label
   */
  record Query(String expression, String legend) {
    Query {
      requireNonNull(expression, "expression is null");
      requireNonNull(legend, "legend is null");
    }
  }

  String json() {
    ObjectNode board = NODES.objectNode();
    board.put("uid", name).put("title", title).put("schemaVersion", 38).put("version", 1);
    board.put("editable", true).put("refresh", "10s").putArray("tags").add("matriarch");
    board.putObject("time").put("from", "now-1h").put("to", "now");
    board.set("templating", NODES.objectNode().set("list", variables()));
    board.set("annotations", NODES.objectNode().set("list", annotations()));
    ArrayNode array = board.putArray("panels");
    int x = 0;
    int y = 0;
    int rowHeight = 0;
    for (Panel panel : panels) {
      if (x + panel.kind().width > COLUMNS) {
        x = 0;
        y += rowHeight;
        rowHeight = 0;
      }
      ObjectNode node = array.addObject().put("id", array.size());
      fill(node, panel);
      node.putObject("gridPos")
          .put("x", x)
          .put("y", y)
          .put("w", panel.kind().width)
          .put("h", panel.kind().height);
      x += panel.kind().width;
      rowHeight = Math.max(rowHeight, panel.kind().height);
    }
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(board) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a board of plain values only", e);
    }
  }

  private static void fill(ObjectNode node, Panel panel) {
    node.put("type", panel.kind().wire).put("title", panel.title());
    node.set("datasource", source());
    ObjectNode fields = node.putObject("fieldConfig");
    fields.putObject("defaults").put("unit", panel.unit());
    fields.putArray("overrides");
    ArrayNode targets = node.putArray("targets");
    boolean latest = panel.kind() == Kind.TABLE || panel.kind() == Kind.BARS;
    for (Query query : panel.queries()) {
      ObjectNode target = targets.addObject();
      target.put("refId", Character.toString('A' + targets.size() - 1));
      target.set("datasource", source());
      target.put("expr", query.expression()).put("legendFormat", query.legend());
      target.put("instant", latest).put("range", !latest);
      if (panel.kind() == Kind.TABLE) {
        target.put("format", "table");
      }
    }
  }

  private static ObjectNode source() {
    return NODES.objectNode().put("type", "prometheus").put("uid", "${source}");
  }

  private static ArrayNode variables() {
    ArrayNode list = NODES.arrayNode();
    list.addObject()
        .put("name", "source")
        .put("label", "Data source")
        .put("type", "datasource")
        .put("query", "prometheus");
    ObjectNode cluster = list.addObject();
    cluster.put("name", "cls").put("label", "Cluster").put("type", "query").put("refresh", 2);
    cluster.set("datasource", source());
    cluster.put("query", "label_values(patroni_version, cls)");
    return list;
  }

  /** A mark on every graph where the lead moved. */
  private static ArrayNode annotations() {
    ArrayNode list = NODES.arrayNode();
    ObjectNode moved = list.addObject();
    moved.put("name", "The lead moved").put("enable", true).put("iconColor", "red");
    moved.set("datasource", source());
    moved.put("expr", Dashboards.MOVES).put("titleFormat", "{{ins}}").put("textFormat", "{{kind}}");
    return list;
  }
}
