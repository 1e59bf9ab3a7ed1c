package dev.matriarch.agent;

import dev.matriarch.agent.config.LogConfig;
import dev.matriarch.agent.config.NamesConfig;
import dev.matriarch.agent.log.LogSetup;
import dev.matriarch.agent.names.Names;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code matriarch names FILE}: keeps the names of clusters, beside a DNS server. */
public final class NamesCommand {
  private static final Logger LOG = LoggerFactory.getLogger(NamesCommand.class);

  private NamesCommand() {}

  /** Runs until it is killed; a signal may end it at any time. */
  public static int run(Path file) throws InterruptedException {
    return switch (NamesConfig.load(file.toAbsolutePath())) {
      case NamesConfig.Result.Rejected rejected -> {
        rejected.problems().forEach(System.err::println);
        yield 1;
      }
      case NamesConfig.Result.Loaded loaded -> {
        LogSetup.apply(LogConfig.DEFAULT);
        yield run(loaded.config());
      }
    };
  }

  private static int run(NamesConfig config) throws InterruptedException {
    try {
      new Names(config).run();
    } catch (IOException e) {
      LOG.error("{}", e.toString());
    }
    return 1;
  }
}
