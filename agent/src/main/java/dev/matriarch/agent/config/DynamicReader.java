package dev.matriarch.agent.config;

/** Reads the dynamic configuration. */
final class DynamicReader {
  private DynamicReader() {}

  static DynamicConfig read(String json) {
    throw new UnsupportedOperationException(json);
  }
}
