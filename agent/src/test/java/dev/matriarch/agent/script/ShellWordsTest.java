package dev.matriarch.agent.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShellWordsTest {
  @Test
  void wordsAreSplitAsAShellWould() {
    assertThat(ShellWords.split("  psql -w -c \"SELECT 1\"\t"))
        .containsExactly("psql", "-w", "-c", "SELECT 1");
    assertThat(ShellWords.split("a\\ b 'c \\ d'e '' \"f\\ g\\\"h\""))
        .containsExactly("a b", "c \\ de", "", "f\\ g\"h");
    assertThat(ShellWords.split(" ")).isEmpty();
  }

  @Test
  void whatIsLeftOpenIsSaid() {
    assertThatThrownBy(() -> ShellWords.split("a 'b")).hasMessage("has an open quote: a 'b");
    assertThatThrownBy(() -> ShellWords.split("a \"b")).hasMessage("has an open quote: a \"b");
    assertThatThrownBy(() -> ShellWords.split("a\\")).hasMessage("ends in a backslash: a\\");
  }
}
