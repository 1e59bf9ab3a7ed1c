package dev.matriarch.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import picocli.CommandLine.Option;

/** Has the operator type the name of what is about to change, unless {@code --yes} is given. */
final class Confirmation {
  @Option(names = "--yes", description = "do it without asking")
  private boolean yes;

  /**
   * Returns when it may be done.
   *
   * @throws Refused if another name, or nothing, was typed
   */
  void require(String question, String name, Surroundings surroundings, InputStream typed) {
    if (yes) {
      return;
    }
    surroundings.err().printf("%s%nType %s to go on: ", question, name);
    surroundings.err().flush();
    String answer;
    try {
      answer = new BufferedReader(new InputStreamReader(typed, UTF_8)).readLine();
    } catch (IOException e) {
      throw new Refused("nothing was done: the answer cannot be read: " + e.getMessage());
    }
    if (answer == null || !answer.strip().equals(name)) {
      throw new Refused(
          "nothing was done: %s was not typed; without a terminal, say --yes".formatted(name));
    }
  }
}
