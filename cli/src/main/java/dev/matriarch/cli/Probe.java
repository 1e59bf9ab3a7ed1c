package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/**
 * One thing that must answer before the demo serves.
 *
 * @param name such as {@code 127.0.0.11:5433 (primary)}
 * @param question asked until it is answered
 */
record Probe(String name, Question question) {
  private static final int PATIENCE_MS = 1000;

  Probe {
    requireNonNull(name, "name");
    requireNonNull(question, "question");
  }

  /** Something that is asked again and again. */
  @FunctionalInterface
  interface Question {
    /** Whether there was an answer; any failure to ask counts as none. */
    boolean isAnswered();
  }

  /** Somebody accepts connections. */
  static Probe tcp(String name, String address, int port) {
    return new Probe(
        name,
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), PATIENCE_MS);
            return true;
          } catch (IOException _) {
            return false;
          }
        });
  }

  /** A login and a query work; where the service promises writes, on a server that takes them. */
  static Probe sql(String name, String url, Properties login, boolean writes) {
    return new Probe(
        name,
        () -> {
          try (Connection connection = DriverManager.getConnection(url, login);
              Statement statement = connection.createStatement();
              ResultSet result = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            return result.next() && (!writes || !result.getBoolean(1));
          } catch (SQLException _) {
            return false;
          }
        });
  }
}
