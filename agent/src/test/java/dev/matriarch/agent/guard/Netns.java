package dev.matriarch.agent.guard;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;

/** A network namespace of a test's own, for threads of this JVM and what they start. */
public final class Netns implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY_CLOEXEC = 0x80000;

  private final String name = "mg" + ThreadLocalRandom.current().nextInt(1, 1 << 30);

  public Netns() throws IOException, InterruptedException {
    command("ip", "netns", "add", name);
    command("ip", "-n", name, "link", "set", "lo", "up");
  }

  /** As {@code ip netns} knows it. */
  public String name() {
    return name;
  }

  /** Runs work inside, on a thread of its own. */
  public <T> T call(Callable<T> work) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter();
              return work.call();
            });
    Thread.ofPlatform().daemon().name("in-" + name).start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Error error -> throw error;
        case Exception exception -> throw exception;
        default -> throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try {
      command("ip", "netns", "del", name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a command says; it must succeed. */
  public static String command(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
    return said;
  }

  @SuppressWarnings("restricted") // The JDK has no other way to call setns(2).
  private void enter() throws IOException {
    Linker linker = Linker.nativeLinker();
    MethodHandle open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    MethodHandle setns =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setns"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) open.invokeExact(arena.allocateFrom("/run/netns/" + name), O_RDONLY_CLOEXEC);
      int entered = fd < 0 ? -1 : (int) setns.invokeExact(fd, CLONE_NEWNET);
      int closed = fd < 0 ? -1 : (int) close.invokeExact(fd);
      if (entered != 0 || closed != 0) {
        throw new IOException("cannot enter the network namespace " + name);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IOException("cannot enter the network namespace " + name, e);
    }
  }
}
