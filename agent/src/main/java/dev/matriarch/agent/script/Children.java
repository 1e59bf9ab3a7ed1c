package dev.matriarch.agent.script;

import java.io.File;
import java.util.List;

/**
 * How the operator's programs are started: in the agent's folder, into its log, without secrets.
 */
final class Children {
  private static final File NOTHING = new File("/dev/null");

  private Children() {}

  static ProcessBuilder builder(List<String> line) {
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PATRONI_") || name.startsWith("MATRIARCH_"));
    return builder;
  }
}
