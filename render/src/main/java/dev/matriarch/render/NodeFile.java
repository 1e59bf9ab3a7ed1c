package dev.matriarch.render;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * One file that a node needs, as data: nothing is written here.
 *
 * @param path absolute, below {@link Layout#root()}
 * @param mode permissions to give it before any content is in it; those with secrets are 0600
 * @param content the whole text, ending with a newline
 */
public record NodeFile(Path path, Mode mode, String content) {
  /** Who may read a rendered file. */
  public enum Mode {
    /** 0600: it holds a secret. */
    SECRET("rw-------"),
    /** 0640: no secret, and still nobody else's business. */
    PLAIN("rw-r-----");

    private final String text;

    Mode(String text) {
      this.text = text;
    }

    /** The permission bits, for {@link java.nio.file.Files}. */
    public Set<PosixFilePermission> permissions() {
      return PosixFilePermissions.fromString(text);
    }
  }

  public NodeFile {
    requireNonNull(mode);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(path + ": not absolute");
    }
    if (!content.endsWith("\n")) {
      throw new IllegalArgumentException(path + ": does not end with a newline");
    }
  }

  /** Never shows the content: it may be a secret. */
  @Override
  public String toString() {
    return "NodeFile[" + path + ", " + mode + ", " + content.length() + " characters]";
  }
}
