package dev.matriarch.testbed;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ThreadFactory;

/**
 * Threads of this JVM that live in a host's network namespace, so that a client measured here
 * connects from that host without a process of its own.
 *
 * <p>Platform threads only: a namespace belongs to a kernel thread. A thread started by one of
 * these inherits the namespace, so they must not touch executors shared with the rest of the JVM.
 */
final class NamespaceThreads implements ThreadFactory {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY_CLOEXEC = 0x80000;

  private final String namespace;

  NamespaceThreads(String namespace) {
    this.namespace = namespace;
  }

  @Override
  public Thread newThread(Runnable work) {
    return Thread.ofPlatform()
        .daemon()
        .name("in-" + namespace)
        .unstarted(
            () -> {
              enter(namespace);
              work.run();
            });
  }

  @SuppressWarnings("restricted") // The JDK has no other way to call setns(2).
  private static void enter(String namespace) {
    Linker linker = Linker.nativeLinker();
    MethodHandle open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    FunctionDescriptor twoInts =
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    MethodHandle setns =
        linker.downcallHandle(linker.defaultLookup().findOrThrow("setns"), twoInts);
    MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom("/run/netns/" + namespace);
      int fd = (int) open.invokeExact(path, O_RDONLY_CLOEXEC);
      int entered = fd < 0 ? -1 : (int) setns.invokeExact(fd, CLONE_NEWNET);
      int closed = fd < 0 ? -1 : (int) close.invokeExact(fd);
      if (entered != 0 || closed != 0) {
        throw new TestbedException("cannot enter the network namespace " + namespace);
      }
    } catch (TestbedException e) {
      throw e;
    } catch (Throwable e) {
      throw new TestbedException("cannot enter the network namespace " + namespace, e);
    }
  }
}
