package dev.matriarch.agent.guard;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * The calls of the kernel's watchdog interface (linux/watchdog.h). Request numbers are the same on
 * amd64 and arm64.
 */
@SuppressWarnings("restricted") // Native calls are what this class is for.
final class Ioctl {
  private static final long GET_SUPPORT = 0x80285700L;
  private static final long KEEP_ALIVE = 0x80045705L;
  private static final long SET_TIMEOUT = 0xC0045706L;
  private static final int INFO_SIZE = 40;
  private static final int WRITE_ONLY_CLOSED_ON_EXEC = 0x80001;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
  private static final MethodHandle IOCTL =
      handle("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
  private static final MethodHandle WRITE =
      handle("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), 3);
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), 1);

  private final Path path;
  private final int descriptor;

  private Ioctl(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  private static MethodHandle handle(String name, FunctionDescriptor shape, int fixed) {
    MemorySegment symbol = LINKER.defaultLookup().findOrThrow(name);
    return fixed == shape.argumentLayouts().size()
        ? LINKER.downcallHandle(symbol, shape, ERRNO)
        : LINKER.downcallHandle(symbol, shape, ERRNO, Linker.Option.firstVariadicArg(fixed));
  }

  static Ioctl open(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int fd =
          (int)
              OPEN.invokeExact(
                  state, arena.allocateFrom(path.toString()), WRITE_ONLY_CLOSED_ON_EXEC);
      if (fd < 0) {
        throw failure(path, "cannot be opened", state);
      }
      return new Ioctl(path, fd);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("open failed", e);
    }
  }

  /** Fails when it is no watchdog. */
  void support() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      call(GET_SUPPORT, arena.allocate(INFO_SIZE, 8), "is no watchdog", arena);
    }
  }

  void keepAlive() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      call(KEEP_ALIVE, arena.allocate(JAVA_INT), "took no ping", arena);
    }
  }

  /** What the device took. */
  int setTimeout(int seconds) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocateFrom(JAVA_INT, seconds);
      call(SET_TIMEOUT, value, "took no timeout of " + seconds + " s", arena);
      return value.get(JAVA_INT, 0);
    }
  }

  void write(byte letter) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long written =
          (long) WRITE.invokeExact(state, descriptor, arena.allocateFrom(JAVA_BYTE, letter), 1L);
      if (written != 1) {
        throw failure(path, "cannot be written", state);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("write failed", e);
    }
  }

  void close() {
    try (Arena arena = Arena.ofConfined()) {
      int _ = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
    } catch (Throwable e) {
      throw new IllegalStateException("close failed", e);
    }
  }

  private void call(long request, MemorySegment argument, String complaint, Arena arena)
      throws IOException {
    try {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) IOCTL.invokeExact(state, descriptor, request, argument);
      if (result < 0) {
        throw failure(path, complaint, state);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("ioctl failed", e);
    }
  }

  private static IOException failure(Path path, String complaint, MemorySegment state) {
    return new IOException(
        "%s: %s (errno %d)".formatted(path, complaint, (int) ERRNO_OF.get(state, 0L)));
  }
}
