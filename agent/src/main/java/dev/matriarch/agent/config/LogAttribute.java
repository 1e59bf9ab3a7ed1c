package dev.matriarch.agent.config;

import java.util.Arrays;
import java.util.Optional;

/** What can be said of an event of the log, by the names that the field's formats use. */
public enum LogAttribute {
  ASCTIME("asctime"),
  CREATED("created"),
  FILENAME("filename"),
  FUNC_NAME("funcName"),
  LEVELNAME("levelname"),
  LEVELNO("levelno"),
  LINENO("lineno"),
  MESSAGE("message"),
  MODULE("module"),
  MSECS("msecs"),
  NAME("name"),
  PATHNAME("pathname"),
  PROCESS("process"),
  PROCESS_NAME("processName"),
  RELATIVE_CREATED("relativeCreated"),
  THREAD("thread"),
  THREAD_NAME("threadName");

  private final String word;

  LogAttribute(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  /** It tells of the place in the code, which costs a look at the stack. */
  public boolean isPlace() {
    return switch (this) {
      case FILENAME, FUNC_NAME, LINENO, MODULE, PATHNAME -> true;
      case ASCTIME,
          CREATED,
          LEVELNAME,
          LEVELNO,
          MESSAGE,
          MSECS,
          NAME,
          PROCESS,
          PROCESS_NAME,
          RELATIVE_CREATED,
          THREAD,
          THREAD_NAME ->
          false;
    };
  }

  static Optional<LogAttribute> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
  }
}
