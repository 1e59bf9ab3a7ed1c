package dev.matriarch.chronicle;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * How readily a thread gives way to others. The JVM's own priorities mean nothing on Linux without
 * root's rights, though anybody may lower his.
 */
@SuppressWarnings("restricted") // A native call is what this class is for.
final class Niceness {
  private static final int THREAD = 0;
  private static final int THIS = 0;
  private static final int LEAST_URGENT = 19;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle SET_PRIORITY =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("setpriority"),
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

  private Niceness() {}

  /** The calling platform thread runs from now on when hardly anybody else wants to. */
  static void giveWay() {
    try {
      int _ = (int) SET_PRIORITY.invokeExact(THREAD, THIS, LEAST_URGENT);
    } catch (Throwable e) {
      throw new IllegalStateException("setpriority failed", e);
    }
  }
}
