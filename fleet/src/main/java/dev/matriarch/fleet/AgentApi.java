package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Secret;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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

  /** Where the declared members' agents answer, by name, as declared. */
  static SequencedMap<String, String> urls(Cluster cluster) {
    SequencedMap<String, String> urls = new LinkedHashMap<>();
    for (Instance instance : cluster.instances()) {
      urls.put(instance.name(), "http://" + instance.address().withPort(instance.ports().agent()));
    }
    return urls;
  }

  /** Asks all of these agents the same at once. By name, in the order of {@code urls}. */
  SequencedMap<String, AgentAnswer> getAll(
      SequencedMap<String, String> urls, String path, Duration budget) throws InterruptedException {
    SequencedMap<String, Future<AgentAnswer>> asked = new LinkedHashMap<>();
    SequencedMap<String, AgentAnswer> answers = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      urls.forEach((name, url) -> asked.put(name, threads.submit(() -> get(url, path, budget))));
      for (String name : asked.keySet()) {
        try {
          answers.put(name, asked.get(name).get());
        } catch (ExecutionException e) {
          answers.put(name, new AgentAnswer.NoAnswer(String.valueOf(e.getCause())));
        }
      }
    }
    return answers;
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
