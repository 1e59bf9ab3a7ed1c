package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
  private static final Programs PROGRAMS = Programs.debian(15, List.of("/opt/matriarch"));

  @Test
  void refuses_a_folder_whose_sockets_would_not_fit() {
    var longest = "/" + "a".repeat(96 - "//run/haproxy.sock".length());
    assertThat(layout(longest).run("haproxy.sock").toString()).hasSize(96);
    assertThatThrownBy(() -> layout(longest + "a"))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("too long by 1 characters for the Unix sockets below it")
        .hasMessageEndingWith("use a shorter folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/tmp/a b", "/tmp/a'b", "/tmp/a\nb", "/tmp/\u00e4", "/tmp/a%b", "/tmp/a,b"})
  void refuses_a_folder_that_some_configuration_could_misread(String root) {
    assertThatThrownBy(() -> layout(root))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("use letters, digits and ._-+@ only");
  }

  @Test
  void refuses_a_relative_folder() {
    assertThatThrownBy(() -> layout("demo")).hasMessageContaining("must be an absolute path");
  }

  private static Layout layout(String root) {
    return new Layout(Path.of(root), PROGRAMS, "postgres", false);
  }
}
