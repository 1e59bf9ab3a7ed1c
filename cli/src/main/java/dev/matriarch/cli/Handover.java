package dev.matriarch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** How a verb tells the launcher what to become after the Java process ended: two lines. */
final class Handover {
  private static final String PROPERTY = "matriarch.handover";

  private Handover() {}

  /** The launcher will become the supervisor of that folder. */
  static void toSupervisor(Path supervisor, Path folder) {
    String pipe = System.getProperty(PROPERTY);
    if (pipe == null) {
      throw new Refused("to run a node, start it by the launcher ./matriarch");
    }
    try {
      Files.writeString(Path.of(pipe), supervisor + "\n" + folder + "\n", StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new Refused("cannot hand over to the launcher: " + e.getMessage());
    }
  }
}
