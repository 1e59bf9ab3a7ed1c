package dev.matriarch.agent.vip;

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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Sends frames from an interface (packet(7)); wants {@code CAP_NET_RAW}. */
@SuppressWarnings("restricted") // Native calls are what this class is for.
final class PacketSocket {
  private static final int FAMILY = 17;
  private static final int DATAGRAM_CLOSED_ON_EXEC = 0x80002;
  private static final int NOT_PERMITTED = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SOCKET =
      handle("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SEND =
      handle(
          "sendto",
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private PacketSocket() {}

  private static MethodHandle handle(String name, FunctionDescriptor shape) {
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, ERRNO);
  }

  /** Sends it from the interface of that index. */
  static void send(int device, Announcement frame) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int descriptor = (int) SOCKET.invokeExact(state, FAMILY, DATAGRAM_CLOSED_ON_EXEC, 0);
      if (descriptor < 0) {
        throw failure("opening a packet socket", state);
      }
      try {
        byte[] to = destination(device, frame);
        long sent =
            (long)
                SEND.invokeExact(
                    state,
                    descriptor,
                    arena.allocateFrom(JAVA_BYTE, frame.payload()),
                    (long) frame.payload().length,
                    0,
                    arena.allocateFrom(JAVA_BYTE, to),
                    to.length);
        if (sent < 0) {
          throw failure("sending a frame", state);
        }
      } finally {
        int _ = (int) CLOSE.invokeExact(state, descriptor);
      }
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a packet socket failed", e);
    }
  }

  /** {@code struct sockaddr_ll}. */
  private static byte[] destination(int device, Announcement frame) {
    ByteBuffer address = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
    address.putShort((short) FAMILY);
    address.put((byte) (frame.etherType() >> 8)).put((byte) frame.etherType());
    address.putInt(device).putShort((short) 0).put((byte) 0).put((byte) 6);
    return address.put(frame.destination()).array();
  }

  private static IOException failure(String what, MemorySegment state) {
    int errno = (int) ERRNO_OF.get(state, 0L);
    return new IOException(
        errno == NOT_PERMITTED
            ? what + " is not permitted: give the agent CAP_NET_RAW"
            : "%s failed (errno %d)".formatted(what, errno));
  }
}
