package dev.matriarch.agent;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.ConfigResult;
import dev.matriarch.agent.log.LogSetup;
import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MarkerFactory;

/** {@code matriarch agent FILE}: reads the file, runs the agent, answers signals. */
public final class AgentCommand {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCommand.class);

  private AgentCommand() {}

  /**
   * Runs until the agent ends. SIGTERM lets it stop its server and hand over; the process then ends
   * with 0.
   *
   * @param file a file, or a folder whose files are taken together
   * @return the exit code
   */
  public static int run(Path file, Map<String, String> environment) throws InterruptedException {
    return run(() -> AgentConfig.load(file.toAbsolutePath(), environment));
  }

  /** The same with nothing but the environment. */
  public static int run(Map<String, String> environment) throws InterruptedException {
    return run(() -> AgentConfig.load(environment));
  }

  private static int run(Supplier<ConfigResult> reader) throws InterruptedException {
    return switch (reader.get()) {
      case ConfigResult.Rejected rejected -> {
        rejected.problems().forEach(problem -> System.err.println(problem));
        yield 1;
      }
      case ConfigResult.Loaded loaded -> {
        LogSetup.apply(loaded.config().log());
        for (Problem warning : loaded.warnings()) {
          LOG.warn("{}", warning);
        }
        yield run(loaded.config(), reader);
      }
    };
  }

  private static int run(AgentConfig config, Supplier<ConfigResult> file)
      throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    AtomicInteger code = new AtomicInteger(1);
    try {
      Agent agent = new Agent(config, file);
      HangUp.means(agent::reload);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> endWith(agent, over, code), "signal"));
      code.set(agent.run());
    } catch (StartChecks.NameTaken e) {
      LOG.error(MarkerFactory.getMarker("CRITICAL"), e.getMessage());
    } catch (IOException | IllegalArgumentException e) {
      LOG.error("{}", e.getMessage());
    } finally {
      // Before the JVM may go: lines that still wait would be lost, the last and telling ones.
      LogSetup.finish();
      over.countDown();
    }
    return code.get();
  }

  /** On a signal: the JVM would end with 128 + its number, so the hook has the last word. */
  private static void endWith(Agent agent, CountDownLatch over, AtomicInteger code) {
    if (over.getCount() > 0) {
      agent.leave();
      try {
        over.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      Runtime.getRuntime().halt(code.get());
    }
  }
}
