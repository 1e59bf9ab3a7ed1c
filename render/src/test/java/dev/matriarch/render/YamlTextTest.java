package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class YamlTextTest {
  private static final List<String> AWKWARD =
      List.of(
          "",
          " ",
          "on",
          "No",
          "~",
          "null",
          "0777",
          "1e3",
          "12:30:45",
          "1_000",
          "-",
          "- x",
          "a: b",
          "a #b",
          "#",
          "{x}",
          "[x]",
          "*a",
          "&a",
          "!t",
          "%d",
          "@x",
          "`x",
          "it's",
          "\"q\"",
          "\\",
          "line\nbreak",
          "tab\t",
          "trailing ",
          "\u0000\u0007",
          "\u00fcber",
          "\u2028",
          "\uD83D\uDC18");

  @Test
  void awkward_texts_come_back_as_they_were() {
    for (String text : AWKWARD) {
      assertThat(read(YamlText.of(Map.of("k", text, "l", List.of(text, Map.of("m", text))))))
          .isEqualTo(Map.of("k", text, "l", List.of(text, Map.of("m", text))));
    }
  }

  @Test
  void words_that_old_readers_take_for_booleans_or_numbers_are_quoted() {
    for (String text : List.of("on", "OFF", "yes", "No", "y", "null", "0640", "12:30")) {
      assertThat(YamlText.of(Map.of("k", text))).isEqualTo("k: \"" + text + "\"\n");
    }
    assertThat(YamlText.of(Map.of("k", "pg-test-1"))).isEqualTo("k: pg-test-1\n");
  }

  @Test
  void random_documents_come_back_as_they_were() {
    for (long seed = 0; seed < 300; seed++) {
      var document = map(new Random(seed), 3);
      assertThat(read(YamlText.of(document))).as("seed " + seed).isEqualTo(document);
    }
  }

  private static Object read(String yaml) {
    return new Load(LoadSettings.builder().build()).loadFromString(yaml);
  }

  private static Map<String, Object> map(Random random, int depth) {
    var map = new LinkedHashMap<String, Object>();
    int size = 1 + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      map.put(AWKWARD.get(random.nextInt(AWKWARD.size())) + i, value(random, depth));
    }
    return map;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 3)) {
      case 0 -> AWKWARD.get(random.nextInt(AWKWARD.size()));
      case 1 -> random.nextInt();
      case 2 -> random.nextBoolean();
      case 3 -> List.of();
      case 4 -> List.of(value(random, depth - 1), value(random, depth - 1));
      default -> map(random, depth - 1);
    };
  }
}
