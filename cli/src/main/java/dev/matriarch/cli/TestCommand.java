package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Listed for its help; the launcher runs the tests itself, since they build this very jar. */
@Command(
    name = "test",
    description = "Run everything CI runs, and count the promises that a test shows.")
final class TestCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new Refused("the launcher ./matriarch runs the tests, from a checkout; this is its jar");
  }
}
