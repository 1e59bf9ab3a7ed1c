package dev.matriarch.agent.rest;

import dev.matriarch.agent.config.RestConfig;
import java.io.IOException;

/** The agent's REST interface (drop-in contract, section 6). */
public final class RestServer implements AutoCloseable {

  private RestServer() {}

  /**
   * Listens and answers until closed.
   *
   * @throws IOException if the address cannot be listened on or a certificate cannot be read; the
   *     message is for humans
   */
  public static RestServer start(RestConfig config, AgentStatus.Source source, Requests requests)
      throws IOException {
    return new RestServer();
  }

  /** The port that it listens on. */
  public int port() {
    return 0;
  }

  /** Reads the certificates again; connections to come get them. */
  public void reloadCertificates() throws IOException {}

  @Override
  public void close() {}
}
