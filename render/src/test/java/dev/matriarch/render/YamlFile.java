package dev.matriarch.render;

import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A rendered YAML file, read back. */
record YamlFile(Map<?, ?> content) {
  static YamlFile read(String text) {
    return new YamlFile((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  /** The mapping at a path of keys. */
  @SuppressWarnings("unchecked")
  Map<String, Object> map(String... path) {
    return (Map<String, Object>) at(path);
  }

  List<?> list(String... path) {
    return (List<?>) at(path);
  }

  private Object at(String... path) {
    Object at = content;
    for (String key : path) {
      at = ((Map<?, ?>) at).get(key);
    }
    return at;
  }
}
