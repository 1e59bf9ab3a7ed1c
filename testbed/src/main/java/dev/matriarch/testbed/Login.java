package dev.matriarch.testbed;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * Who connects and to which database. Its text never shows the password.
 *
 * @param encrypted by TLS or not at all; whose certificate it is does not matter
 */
public record Login(String database, String user, String password, boolean encrypted) {
  /** Validates. */
  public Login {
    requireNonNull(database, "database is null");
    requireNonNull(user, "user is null");
    requireNonNull(password, "password is null");
  }

  /** One that goes without TLS. */
  public Login(String database, String user, String password) {
    this(database, user, password, false);
  }

  /** The same by TLS. */
  public Login withTls() {
    return new Login(database, user, password, true);
  }

  /**
   * Connects on the calling thread, and so from the host it lives on. Statements go by the simple
   * protocol, which a pooler between transactions lets pass.
   *
   * @param patience for the connection itself, and later for each answer; whole seconds, at least 1
   */
  public Connection connect(Endpoint endpoint, Duration patience) throws SQLException {
    String seconds = Long.toString(Math.max(1, patience.toSeconds()));
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    // A client that gives a dead host longer than this measures its own patience, not ours.
    properties.setProperty("connectTimeout", "1");
    properties.setProperty("socketTimeout", seconds);
    // With a login time-out the driver would connect from a thread of its own.
    properties.setProperty("loginTimeout", "0");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("sslmode", encrypted ? "require" : "disable");
    properties.setProperty("gssEncMode", "disable");
    String url =
        switch (endpoint) {
          case Endpoint.Tcp tcp -> tcp.address() + ":" + tcp.port();
          case Endpoint.Local local -> {
            properties.setProperty("socketFactory", LocalSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", local.socket().toString());
            yield "localhost";
          }
        };
    Connection connection =
        new Driver().connect("jdbc:postgresql://" + url + "/" + database, properties);
    if (connection == null) {
      throw new SQLException("the driver does not know the address " + url);
    }
    return connection;
  }

  @Override
  public String toString() {
    return user + "@" + database;
  }
}
