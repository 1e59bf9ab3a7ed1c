package dev.matriarch.agent.rest;

import java.util.Map;

/** Prometheus' text format: families with their samples, each labelled with cluster and member. */
final class Exposition {
  private final StringBuilder text = new StringBuilder();
  private final String labels;

  Exposition(String scope, String member) {
    this.labels = "scope=\"" + scope + "\",name=\"" + member + "\"";
  }

  /** A family with one sample. */
  void gauge(String name, String help, String value) {
    gauges(name, help, "", Map.of("", value));
  }

  /**
   * A family with a sample for each value of one further label; nothing without samples.
   *
   * @param label empty for none
   */
  void gauges(String name, String help, String label, Map<String, String> samples) {
    family(name, help, "gauge", label, samples);
  }

  /** As {@link #gauges}, of what only grows while the agent runs. */
  void counters(String name, String help, String label, Map<String, String> samples) {
    family(name, help, "counter", label, samples);
  }

  private void family(
      String name, String help, String type, String label, Map<String, String> samples) {
    if (samples.isEmpty()) {
      return;
    }
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    samples.forEach(
        (labelled, value) -> {
          text.append(name).append('{').append(labels);
          if (!label.isEmpty()) {
            text.append(',').append(label).append("=\"").append(escaped(labelled)).append('"');
          }
          text.append("} ").append(value).append('\n');
        });
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  String text() {
    return text.toString();
  }
}
