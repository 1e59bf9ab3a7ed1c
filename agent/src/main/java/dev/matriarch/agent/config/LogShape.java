package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How an event of the log is written ({@code log.type} and {@code log.format}). */
public sealed interface LogShape {

  /** {@code YYYY-MM-DD HH:MM:SS,mmm LEVEL: message}. */
  static LogShape standard() {
    return new Lines(
        List.of(
            new Piece.Value(LogAttribute.ASCTIME),
            new Piece.Text(" "),
            new Piece.Value(LogAttribute.LEVELNAME),
            new Piece.Text(": "),
            new Piece.Value(LogAttribute.MESSAGE)));
  }

  /** A part of a line. */
  sealed interface Piece {
    /** As it stands. */
    record Text(String text) implements Piece {
      public Text {
        requireNonNull(text, "text is null");
      }
    }

    /**
     * Something of the event.
     *
     * @param width blanks fill it up to so many characters, behind it when negative
     */
    record Value(LogAttribute attribute, int width) implements Piece {
      public Value {
        requireNonNull(attribute, "attribute is null");
      }

      public Value(LogAttribute attribute) {
        this(attribute, 0);
      }
    }
  }

  /** A line of text, and behind it what failed. */
  record Lines(List<Piece> pieces) implements LogShape {
    public Lines {
      pieces = List.copyOf(pieces);
    }
  }

  /**
   * A JSON object on a line.
   *
   * @param keys under which key each attribute stands, in order
   * @param fixed keys that are the same in every line
   */
  record Json(Map<LogAttribute, String> keys, Map<String, String> fixed) implements LogShape {
    public Json {
      keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
      fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
    }
  }

  /** It tells of places in the code. */
  default boolean tellsPlaces() {
    Stream<LogAttribute> told =
        switch (this) {
          case Lines lines ->
              lines.pieces().stream()
                  .filter(Piece.Value.class::isInstance)
                  .map(piece -> ((Piece.Value) piece).attribute());
          case Json json -> json.keys().keySet().stream();
        };
    return told.anyMatch(LogAttribute::isPlace);
  }
}
