package dev.matriarch.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of rules: complete, in order, tested, and as the documentation shows it. */
class RuleTest {

  @Test
  void everyRuleHasItsClauseAndTheyAreAskedInTheOrderOfTheirNumbers() {
    List<Rule> asked = new ArrayList<>(Engine.course().stream().map(Clause::rule).toList());
    asked.add(Rule.IDLE);
    asked.addAll(Duties.CLAUSES.stream().map(Clause::rule).toList());
    assertThat(asked).containsExactly(Rule.values());
    assertThat(asked).extracting(Rule::number).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void everyRuleHasATestNamedAfterIt() {
    List<String> tests =
        Stream.of(
                FencingTest.class,
                AilingTest.class,
                MovingTest.class,
                PoolingTest.class,
                RestartingTest.class,
                PausingTest.class,
                LeadingTest.class,
                ElectingTest.class,
                FollowingTest.class,
                BootstrappingTest.class,
                DutiesTest.class,
                RevokingTest.class,
                SurvivingRulesTest.class,
                StandingRulesTest.class,
                TwoNodesTest.class,
                ColdStartTest.class,
                RecoveringTest.class,
                LosingRulesTest.class,
                ReturnRulesTest.class,
                CorruptKeysTest.class)
            .flatMap(family -> Arrays.stream(family.getDeclaredMethods()))
            .map(method -> method.getName())
            .toList();
    for (Rule rule : Rule.values()) {
      assertThat(tests).as("tests of %s", rule).anyMatch(test -> test.startsWith(camel(rule)));
    }
  }

  private static String camel(Rule rule) {
    StringBuilder name = new StringBuilder();
    for (String word : rule.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      String first = word.substring(0, 1);
      name.append(name.isEmpty() ? first : first.toUpperCase(Locale.ROOT))
          .append(word.substring(1));
    }
    return name.toString();
  }

  /** Run with -Drules.write=true to write the table anew. */
  @Test
  void theTableInTheDocumentationIsTheOneInTheCode() throws IOException {
    StringBuilder table = new StringBuilder();
    table
        .append("# The rules of the engine\n\n")
        .append("Generated from the code. They are asked in this order; the first that fires\n")
        .append("decides. Rules from 700 on are duties that run beside a member's course.\n\n")
        .append("| number | name | sentence |\n|---|---|---|\n");
    for (Rule rule : Rule.values()) {
      table
          .append("| ")
          .append(rule.number())
          .append(" | ")
          .append(rule)
          .append(" | ")
          .append(rule.sentence())
          .append(" |\n");
    }
    Path file = Path.of("..", "docs", "rules.md");
    if (Boolean.getBoolean("rules.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, table);
    }
    assertThat(Files.readString(file)).isEqualTo(table.toString());
  }
}
