package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The reference in {@code docs/} is generated. To renew it run this test with {@code
 * -Dgolden.update=true} and read the difference.
 */
class ParameterReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "inventory.md");

  @Test
  void thePageIsTheTables() throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, ParameterReference.markdown());
    }
    assertThat(ParameterReference.markdown()).isEqualTo(Files.readString(PAGE));
  }

  @Test
  void everyParameterIsInIt() {
    String page = ParameterReference.markdown();
    Parameters.all().forEach(p -> assertThat(page).contains("| `" + p.name() + "` |"));
  }
}
