package dev.matriarch.render;

import java.util.List;

/**
 * What was declared cannot become files. Carries every problem found, each a whole sentence that
 * names the value, the rule and the way out; the caller shows them without a stack trace. Nothing
 * has been written.
 */
public final class RenderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<String> problems;

  public RenderException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public RenderException(String problem) {
    this(List.of(problem));
  }

  /** One sentence each, at least one. */
  public List<String> problems() {
    return problems;
  }
}
