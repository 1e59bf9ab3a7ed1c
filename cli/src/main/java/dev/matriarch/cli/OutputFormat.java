package dev.matriarch.cli;

/** How a verb prints its answer: for humans, or for programs. */
public enum OutputFormat {
  /** Aligned columns. */
  table,
  /** One JSON value. */
  json,
  /** One YAML document. */
  yaml
}
