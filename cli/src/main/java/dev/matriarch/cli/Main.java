package dev.matriarch.cli;

/** Where the Java virtual machine starts, for every verb of {@code matriarch}. */
public final class Main {
  private Main() {}

  /** Runs one verb and ends the process with its exit code. */
  public static void main(String[] args) throws InterruptedException {
    Surroundings here = Surroundings.ofThisProcess();
    // An agent lives for months: what parses command lines is not loaded into it.
    boolean agent =
        args.length == 2 && args[0].equals(AgentCommand.NAME) && !args[1].startsWith("-");
    System.exit(agent ? AgentCommand.run(here, args[1]) : new CommandLineInterface(here).run(args));
  }
}
