package dev.matriarch.testbed;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sessions that are there and say nothing until they are asked in the end whether they live. */
public final class IdleClients implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final List<Connection> sessions = new ArrayList<>();

  private IdleClients() {}

  /** So many sessions through port 5433 of one application, spread over all hosts. */
  public static IdleClients connect(Cluster cluster, int number) {
    return connect(cluster, number, List.of(cluster.plan().application()));
  }

  /** The same of several logins, on each host in turn. */
  public static IdleClients connect(Cluster cluster, int number, List<Login> logins) {
    IdleClients clients = new IdleClients();
    List<Endpoint.Tcp> endpoints = Service.PRIMARY.on(cluster.hosts());
    return cluster
        .client()
        .call(
            () -> {
              for (int i = 0; i < number; i++) {
                Endpoint endpoint = endpoints.get(i % endpoints.size());
                Login login = logins.get(i / endpoints.size() % logins.size());
                Connection session = login.connect(endpoint, PATIENCE);
                clients.sessions.add(session);
                if (!answers(session)) {
                  throw new TestbedException("session " + i + " does not work from the start");
                }
              }
              return clients;
            });
  }

  /** How many do not answer any more. */
  public int lost() {
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
