package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Short ways to read an inventory in a test. */
final class Read {
  static final String FILE = "matriarch.yml";

  /** The three-node cluster of the seed documents. */
  static final String SEED =
      """
      pg-test:
        hosts:
          10.10.10.11: { pg_seq: 1, pg_role: primary }
          10.10.10.12: { pg_seq: 2, pg_role: replica }
          10.10.10.13: { pg_seq: 3, pg_role: replica, pg_offline_query: true }
        vars:
          pg_cluster: pg-test
      """;

  private Read() {}

  static Inventory valid(String text) {
    return switch (InventoryReader.read(FILE, text)) {
      case InventoryResult.Valid(Inventory inventory) -> inventory;
      case InventoryResult.Invalid(List<Problem> problems) -> fail(problems.toString());
    };
  }

  static List<String> problems(String text) {
    return switch (InventoryReader.read(FILE, text)) {
      case InventoryResult.Valid _ -> List.of();
      case InventoryResult.Invalid(List<Problem> problems) ->
          problems.stream().map(Problem::toString).toList();
    };
  }

  /** The seed's cluster with further parameters. */
  static Cluster seedWith(String vars) {
    return valid(SEED + vars.indent(4)).clusters().getFirst();
  }

  static List<String> problemsOfSeedWith(String vars) {
    return problems(SEED + vars.indent(4));
  }

  static String resource(String name) {
    try (InputStream in = Read.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
