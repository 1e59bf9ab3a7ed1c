package dev.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Listed for its help; the launcher runs the benchmarks from the testbed, which is not in a jar.
 */
@Command(
    name = "bench",
    description =
        "Compare failovers with the described system's, on this machine: bench failover --help.")
final class BenchCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new Refused("the launcher ./matriarch runs benchmarks, from a checkout; this is its jar");
  }
}
