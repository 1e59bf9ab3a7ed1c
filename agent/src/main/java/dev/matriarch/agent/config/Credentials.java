package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

/** A user name and its password; empty for none. The password never shows in a message. */
public record Credentials(String username, String password) {
  public Credentials {
    requireNonNull(username, "username is null");
    requireNonNull(password, "password is null");
  }

  @Override
  public String toString() {
    return "Credentials[username=" + username + "]";
  }
}
