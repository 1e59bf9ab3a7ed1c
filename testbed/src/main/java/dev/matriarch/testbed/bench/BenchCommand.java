package dev.matriarch.testbed.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code matriarch bench failover}, as the launcher calls it in a checkout. */
@Command(
    name = "matriarch bench failover",
    mixinStandardHelpOptions = true,
    description = {
      "Compares this product with the described system, from Debian's packages, on three hosts in network namespaces.",
      "Needs root and a machine that does nothing else. Each run is kept at once; called again, it goes on where it was."
    })
final class BenchCommand implements Callable<Integer> {
  private static final String BEGIN = "<!-- begin: matriarch bench failover -->";
  private static final String END = "<!-- end -->";

  @Spec private CommandSpec spec;

  @Option(
      names = "--cases",
      split = ",",
      paramLabel = "CASE",
      description = "Which cases, separated by commas; all by default. `--list` names them.")
  private List<String> caseNames = List.of();

  @Option(
      names = "--runs",
      defaultValue = "5",
      description = "How often each (default ${DEFAULT-VALUE}).")
  private int runs;

  @Option(
      names = "--stacks",
      split = ",",
      paramLabel = "STACK",
      description = "matriarch, described, or both (the default).")
  private List<String> stackNames = List.of();

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Where results are kept and taken up (default .build/bench/failover-COMMIT).")
  private Optional<Path> resultsFolder = Optional.empty();

  @Option(names = "--list", description = "Names the cases and ends.")
  private boolean list;

  @Option(names = "--publish", description = "Writes the table into docs/benchmarks.md in the end.")
  private boolean publish;

  private BenchCommand() {}

  /** Runs it and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new BenchCommand()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      for (Case each : Case.ALL) {
        System.out.printf("%-22s %s%n", each.title(), each.words());
      }
      return 0;
    }
    List<Case> cases =
        caseNames.isEmpty()
            ? Case.ALL
            : caseNames.stream().map(name -> known(name, Case.named(name))).toList();
    List<Side> sides =
        stackNames.isEmpty()
            ? List.of(Side.values())
            : stackNames.stream().map(name -> known(name, Side.of(name))).toList();
    if (runs < 1) {
      throw new ParameterException(spec.commandLine(), "--runs " + runs + " is below 1");
    }
    Path home = Path.of(System.getProperty("matriarch.home", "")).toAbsolutePath();
    String commit = Machine.commit(home);
    Path folder = resultsFolder.orElse(home.resolve(".build/bench/failover-" + commit));
    FailoverBench bench = new FailoverBench(home.resolve("matriarch"), folder);
    Runtime.getRuntime().addShutdownHook(new Thread(bench::end, "end-bench"));
    System.out.printf(
        "%d cases, %d runs each on %s: about %d minutes; kept in %s%n",
        cases.size(),
        runs,
        sides.stream().map(Side::title).collect(Collectors.joining(" and ")),
        bench.estimate(cases, sides, runs).toMinutes() + 1,
        bench.results().file());
    for (Case each : cases) {
      for (Side side : sides) {
        bench.run(each, side, runs);
      }
      System.out.printf(
          "about %d minutes left%n", bench.estimate(cases, sides, runs).toMinutes() + 1);
    }
    String report = report(bench.results(), commit);
    System.out.println("\n" + report);
    if (publish) {
      publish(home.resolve("docs/benchmarks.md"), report);
    }
    return 0;
  }

  private <T> T known(String name, Optional<T> found) {
    return found.orElseThrow(
        () ->
            new ParameterException(
                spec.commandLine(),
                "there is no case or stack `%s`; cases: %s; stacks: %s"
                    .formatted(
                        name,
                        Case.ALL.stream().map(Case::title).collect(Collectors.joining(" ")),
                        Arrays.stream(Side.values())
                            .map(Side::title)
                            .collect(Collectors.joining(" ")))));
  }

  private static String report(Results results, String commit) {
    return """
        %s, commit %s. Median [least..most].

        %s.
        %s.

        %s"""
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            commit,
            Machine.hardware(),
            Machine.software(),
            new Comparison(results.all()).markdown());
  }

  private static void publish(Path file, String report) throws IOException {
    String text = Files.readString(file);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END, begin);
    if (begin < 0 || end < 0) {
      throw new IOException(file + " has no lines `" + BEGIN + "` and `" + END + "`");
    }
    Files.writeString(file, text.substring(0, begin) + BEGIN + "\n" + report + text.substring(end));
    System.out.println("written into " + file);
  }
}
