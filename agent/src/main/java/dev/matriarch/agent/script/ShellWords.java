package dev.matriarch.agent.script;

import java.util.ArrayList;
import java.util.List;

/** Splits a command as a POSIX shell would, without running one: quotes and backslashes only. */
public final class ShellWords {
  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean begun;
  private int at;

  private ShellWords(String text) {
    this.text = text;
  }

  /**
   * The words of a command.
   *
   * @throws IllegalArgumentException if a quote is left open; the message is for humans
   */
  public static List<String> split(String command) {
    return new ShellWords(command).split();
  }

  private List<String> split() {
    while (at < text.length()) {
      char c = text.charAt(at++);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> end();
        case '\'' -> single();
        case '"' -> twofold();
        case '\\' -> take(escaped());
        default -> take(c);
      }
    }
    end();
    return List.copyOf(words);
  }

  private void take(char c) {
    begun = true;
    word.append(c);
  }

  private void end() {
    if (begun) {
      words.add(word.toString());
      word.setLength(0);
      begun = false;
    }
  }

  private char escaped() {
    if (at == text.length()) {
      throw new IllegalArgumentException("ends in a backslash: " + text);
    }
    return text.charAt(at++);
  }

  private void single() {
    begun = true;
    int close = text.indexOf('\'', at);
    if (close < 0) {
      throw new IllegalArgumentException("has an open quote: " + text);
    }
    word.append(text, at, close);
    at = close + 1;
  }

  /** Within double quotes a backslash escapes only what would be special there. */
  private void twofold() {
    begun = true;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return;
      }
      if (c == '\\') {
        char next = escaped();
        if ("\"\\$`".indexOf(next) < 0) {
          word.append('\\');
        }
        word.append(next);
      } else {
        word.append(c);
      }
    }
    throw new IllegalArgumentException("has an open quote: " + text);
  }
}
