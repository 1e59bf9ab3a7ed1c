package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Secret;
import java.net.http.HttpRequest;
import java.time.Duration;

/** Asks the agents of a cluster over their REST interface. Thread-safe; every call is bounded. */
public final class AgentApi {

  private final String authorization;
  private final Web web = new Web();

  private AgentApi(String authorization) {
    this.authorization = authorization;
  }

  /** With the cluster's user and password for what changes something. */
  static AgentApi of(Cluster cluster) {
    Secret password = cluster.settings().secret("patroni_password");
    return with(cluster.settings().text("patroni_username"), password.reveal());
  }

  /** With this user and password; an empty user shows none. */
  public static AgentApi with(String user, String password) {
    requireNonNull(user, "user is null");
    requireNonNull(password, "password is null");
    return new AgentApi(user.isEmpty() ? "" : Web.login(user, password));
  }

  /** {@code apiUrl} as the member's key has it, with any path; {@code path} with its slash. */
  public AgentAnswer get(String apiUrl, String path, Duration budget) throws InterruptedException {
    return web.ask(apiUrl, path, HttpRequest.newBuilder().GET(), budget);
  }

  public AgentAnswer post(String apiUrl, String path, String json, Duration budget)
      throws InterruptedException {
    return change("POST", apiUrl, path, json, budget);
  }

  /** With a method that may change something, and the login. */
  public AgentAnswer change(String method, String apiUrl, String path, String json, Duration budget)
      throws InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json, UTF_8));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return web.ask(apiUrl, path, request, budget);
  }
}
