package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One alert.
 *
 * @param expression in PromQL, over what agents, HAProxy and etcd serve
 * @param lasting how long it must hold, such as {@code 1m}
 * @param summary one sentence; {@code {{ $labels.cls }}} stands for the cluster
 */
record Alert(String name, String expression, String lasting, Severity severity, String summary) {
  /** How bad it is; the number is what the field's rules call the level. */
  enum Severity {
    CRIT(0),
    WARN(1),
    INFO(2);

    private final int level;

    Severity(int level) {
      this.level = level;
    }
  }

  Alert {
    requireNonNull(name, "name is null");
    requireNonNull(expression, "expression is null");
    requireNonNull(lasting, "lasting is null");
    requireNonNull(severity, "severity is null");
    requireNonNull(summary, "summary is null");
  }

  Map<String, Object> yaml(String category) {
    Map<String, Object> rule = new LinkedHashMap<>();
    rule.put("alert", name);
    rule.put("expr", expression);
    rule.put("for", lasting);
    Map<String, Object> labels = new LinkedHashMap<>();
    labels.put("level", Integer.toString(severity.level));
    labels.put("severity", severity.name());
    labels.put("category", category);
    rule.put("labels", labels);
    rule.put("annotations", Map.of("summary", summary));
    return rule;
  }
}
