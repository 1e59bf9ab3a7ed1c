package dev.matriarch.agent;

import dev.matriarch.agent.config.AgentConfig;
import dev.matriarch.agent.config.DynamicConfig;
import dev.matriarch.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dynamic configuration until etcd tells one: the copy in the data, as it was when the cluster
 * was last seen, else {@code bootstrap.dcs} (drop-in contract, section 7).
 */
final class FirstConfig {
  private static final Logger LOG = LoggerFactory.getLogger(FirstConfig.class);

  private FirstConfig() {}

  /** As JSON. */
  static String of(AgentConfig config) {
    Path copy = PostgresServer.dynamicConfigOf(config.postgres().dataDir());
    try {
      String json = Files.readString(copy);
      DynamicConfig.parse(json);
      return json;
    } catch (NoSuchFileException e) {
      return config.bootstrap().dcs();
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} is ignored: {}", copy, e.getMessage());
      return config.bootstrap().dcs();
    }
  }
}
