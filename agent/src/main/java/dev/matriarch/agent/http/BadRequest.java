package dev.matriarch.agent.http;

/** A request that cannot be served; its connection ends with the answer. */
public final class BadRequest extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  BadRequest(int status, String sentence) {
    super(sentence);
    this.status = status;
  }

  int status() {
    return status;
  }
}
