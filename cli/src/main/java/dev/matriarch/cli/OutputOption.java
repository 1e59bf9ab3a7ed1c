package dev.matriarch.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import picocli.CommandLine.Option;

/** The option {@code -o}, and the one place that prints an {@link Answer}. */
public final class OutputOption {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table, json or yaml (default: table)")
  private OutputFormat format = OutputFormat.table;

  /** The chosen format. */
  public OutputFormat format() {
    return format;
  }

  /** Prints an answer in the chosen format. */
  public void print(Answer answer, PrintStream out) {
    out.print(
        switch (format) {
          case table -> answer.text();
          case json -> json(answer.data());
          case yaml -> yaml(answer.data());
        });
    out.flush();
  }

  private static String json(Object data) {
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(data) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("an answer of plain values only", e);
    }
  }

  /** One line, for a request. */
  static String compact(Object data) {
    try {
      return new ObjectMapper().writeValueAsString(data);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a request of plain values only", e);
    }
  }

  private static String yaml(Object data) {
    return new Dump(DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build())
        .dumpToString(data);
  }
}
