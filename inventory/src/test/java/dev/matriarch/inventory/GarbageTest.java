package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the text: an answer, never an exception. A seed reproduces any case. */
class GarbageTest {
  private static final String LETTERS = "{}[]:,-#&*!|>'\"%@`?~ \n\t\\0aé\u0000\uD83D<.=/";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void randomLetters(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(200);
      for (int i = 0; i < length; i++) {
        text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
      }
      answers(text.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15})
  void goodFilesWithDamage(long seed) {
    Random random = new Random(seed);
    List<String> sources =
        List.of(Read.SEED, Read.resource("described.yml"), Read.resource("everything-wrong.yml"));
    for (int round = 0; round < 150; round++) {
      StringBuilder text = new StringBuilder(sources.get(random.nextInt(sources.size())));
      for (int damage = random.nextInt(6); damage >= 0; damage--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, LETTERS.charAt(random.nextInt(LETTERS.length())));
          default -> text.setCharAt(at, LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
      }
      answers(text.toString());
    }
  }

  /** Every parameter with every kind of value, at every level. */
  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void parametersWithAnyValue(long seed) {
    Random random = new Random(seed);
    List<String> values =
        List.of(
            "",
            "0",
            "-1",
            "99999999999999999999",
            "1.5",
            "true",
            "x",
            "''",
            "[]",
            "[1]",
            "[[1]]",
            "{}",
            "{a: 1}",
            "{a: {b: 1}}",
            "[{name: a}]",
            "[{name: [1]}]",
            "[{}]",
            "[null]",
            "!x y",
            "!!binary aGk=",
            "10.0.0.1",
            "\"a\\nb\"",
            "[{name: a, port: 1, addr: all}]",
            "{a: [30, 10, 10, 10, 5, 1, 1, 1, 1, 1]}",
            "[{rules: [1]}]",
            "{5432: {pg_seq: 9}}",
            "{1: 2, x: [], 99999: {}}",
            "norm");
    List<String> names = new ArrayList<>(Parameters.names());
    for (int round = 0; round < 600; round++) {
      String parameter =
          names.get(random.nextInt(names.size()))
              + ": "
              + values.get(random.nextInt(values.size()));
      String text =
          switch (random.nextInt(3)) {
            case 0 -> Read.SEED.replace("pg_seq: 2,", parameter + ",\n pg_seq: 2,");
            case 1 -> Read.SEED + "    " + parameter + "\n";
            default -> Read.SEED + "vars:\n  " + parameter + "\n";
          };
      answers(text);
    }
  }

  @Test
  void traps() {
    answers("[".repeat(100_000));
    answers("{a: ".repeat(50_000));
    answers("- ".repeat(50_000) + "a");
    answers("a: &a [*a]\n");
    answers("a: &a {b: *a}\npg-x: *a\n");
    answers("%YAML 99999999999.1\n---\na: 1\n");
    answers("%TAG ! tag:x\n---\na: !y z\n");
    answers("\uFEFFpg-a: 1\n");
    answers("a: \"\\UFFFFFFFF\"\n");
    answers("? ? ? a\n");
    answers("a: *unknown\n");
    answers("<<: [1, {pg-a: {}}]\n");
    answers(bomb());
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      text.append(
          "a%d: &a%d [%s]%n"
              .formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, alias))));
    }
    return text.toString();
  }

  private static void answers(String text) {
    switch (InventoryReader.read(Read.FILE, text)) {
      case InventoryResult.Valid(Inventory inventory) ->
          assertThat(inventory.clusters()).isNotEmpty();
      case InventoryResult.Invalid(List<Problem> problems) -> {
        assertThat(problems).isNotEmpty().isSortedAccordingTo(Problem.BY_LINE);
        long lines = text.lines().count() + 2;
        assertThat(problems).allMatch(p -> p.line() <= lines && p.toString().indexOf('\n') < 0);
      }
    }
  }
}
