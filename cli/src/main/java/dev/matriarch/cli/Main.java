package dev.matriarch.cli;

/** Where the Java virtual machine starts, for every verb of {@code matriarch}. */
public final class Main {
  private Main() {}

  /** Runs one verb and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLineInterface(Surroundings.ofThisProcess()).run(args));
  }
}
