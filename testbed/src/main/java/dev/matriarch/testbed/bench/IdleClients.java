package dev.matriarch.testbed.bench;

import dev.matriarch.testbed.Cluster;
import dev.matriarch.testbed.Endpoint;
import dev.matriarch.testbed.Service;
import dev.matriarch.testbed.TestbedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sessions that are there and say nothing until they are asked in the end whether they live. */
final class IdleClients implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<Connection> sessions = new ArrayList<>();

  private IdleClients() {}

  /** So many sessions through port 5433, spread over all hosts. */
  static IdleClients connect(Cluster cluster, int number) {
    IdleClients clients = new IdleClients();
    List<Endpoint.Tcp> endpoints = Service.PRIMARY.on(cluster.hosts());
    return cluster
        .client()
        .call(
            () -> {
              for (int i = 0; i < number; i++) {
                Endpoint endpoint = endpoints.get(i % endpoints.size());
                Connection session = cluster.plan().application().connect(endpoint, PATIENCE);
                clients.sessions.add(session);
                if (!answers(session)) {
                  throw new TestbedException("session " + i + " does not work from the start");
                }
              }
              return clients;
            });
  }

  /** How many do not answer any more. */
  int lost() {
    return (int) sessions.stream().filter(session -> !answers(session)).count();
  }

  private static boolean answers(Connection session) {
    try (Statement statement = session.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException gone) {
      return false;
    }
  }

  @Override
  public void close() {
    for (Connection session : sessions) {
      try {
        session.close();
      } catch (SQLException gone) {
        // As good as closed.
      }
    }
  }
}
