package dev.matriarch.etcd;

import static java.util.Objects.requireNonNull;

/** Who we are to etcd. */
public sealed interface Login {

  /** Nobody: authentication is off. */
  record Anonymous() implements Login {}

  /** A user of etcd. The password never shows in a message. */
  record Password(String user, String password) implements Login {
    public Password {
      requireNonNull(user, "user");
      requireNonNull(password, "password");
    }

    @Override
    public String toString() {
      return "Password[user=" + user + "]";
    }
  }
}
