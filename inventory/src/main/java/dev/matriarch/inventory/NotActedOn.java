package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

/**
 * Something of the described system that was read and is left alone, named so that it is never
 * silently dropped.
 *
 * @param line counted from 1
 * @param path of the parameter or group
 * @param reason one phrase, such as "a parameter of another module"
 */
public record NotActedOn(String file, int line, String path, String reason) {
  public NotActedOn {
    requireNonNull(file, "file is null");
    requireNonNull(path, "path is null");
    requireNonNull(reason, "reason is null");
  }

  @Override
  public String toString() {
    return file + ":" + line + ": " + path + ": read but not acted on: " + reason;
  }
}
