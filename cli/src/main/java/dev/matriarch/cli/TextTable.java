package dev.matriarch.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligned columns in the form the field's tools print: a frame of {@code +}, {@code -}, {@code |}.
 */
public final class TextTable {
  private final Palette palette;
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table with these column titles. */
  public TextTable(Palette palette, String... head) {
    this.palette = palette;
    this.head = List.of(head);
  }

  /** Adds a row; an absent value is an empty string. */
  public TextTable row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(
          "%d cells in a table of %d columns".formatted(cells.length, head.size()));
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The table without a title in its frame. */
  public String render() {
    return render("");
  }

  /** The table, its frame's first line carrying the title. */
  public String render(String title) {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    String frame = frame(widths);
    String label = title.isEmpty() ? "" : " " + title + " ";
    text.append(
        label.isEmpty() || label.length() + 2 > frame.length()
            ? (label.isEmpty() ? "" : title + "\n") + frame
            : "+" + label + frame.substring(label.length() + 1));
    text.append('\n');
    line(text, widths, head, Palette.PLAIN);
    text.append(frame).append('\n');
    rows.forEach(row -> line(text, widths, row, palette));
    return text.append(frame).append('\n').toString();
  }

  private int[] widths() {
    int[] widths = head.stream().mapToInt(String::length).toArray();
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static String frame(int[] widths) {
    StringBuilder frame = new StringBuilder("+");
    for (int width : widths) {
      frame.append("-".repeat(width + 2)).append('+');
    }
    return frame.toString();
  }

  private static void line(StringBuilder text, int[] widths, List<String> cells, Palette palette) {
    text.append('|');
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      text.append(' ')
          .append(palette.paint(cell))
          .append(" ".repeat(widths[i] - cell.length()))
          .append(" |");
    }
    text.append('\n');
  }
}
