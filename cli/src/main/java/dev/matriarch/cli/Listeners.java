package dev.matriarch.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Whether a TCP port can be listened at, and by whom it is taken. */
final class Listeners {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTENING = "0A";
  private static final String MAPPED = "FFFF0000";

  private Listeners() {}

  /** Whether nobody listens at that address and port. */
  static boolean isFree(String address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), 1);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** The process that listens at a port, at this address or at every one, where we may see it. */
  static OptionalLong holder(String address, int port) {
    Set<String> local =
        Set.of(
            hex(address) + end(port),
            "0".repeat(8) + end(port),
            // Sockets of both protocols, which Java's are: an IPv4 address in an IPv6 one, or any.
            "0".repeat(16) + MAPPED + hex(address) + end(port),
            "0".repeat(32) + end(port));
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("net/tcp", "net/tcp6")) {
      for (String line : lines(PROC.resolve(table))) {
        String[] field = line.strip().split("\\s+", -1);
        if (field.length > 9 && field[3].equals(LISTENING) && local.contains(field[1])) {
          sockets.add("socket:[" + field[9] + "]");
        }
      }
    }
    return sockets.isEmpty() ? OptionalLong.empty() : processWith(sockets);
  }

  /** The name of a process, such as {@code haproxy}. */
  static String name(long pid) {
    return lines(PROC.resolve(Long.toString(pid)).resolve("comm")).stream()
        .findFirst()
        .orElse("unknown");
  }

  private static OptionalLong processWith(Set<String> sockets) {
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process.resolve("fd"), sockets)) {
          return OptionalLong.of(Long.parseLong(process.getFileName().toString()));
        }
      }
    } catch (IOException _) {
      return OptionalLong.empty();
    }
    return OptionalLong.empty();
  }

  private static boolean holds(Path descriptors, Set<String> sockets) {
    try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
      for (Path link : links) {
        if (sockets.contains(Files.readSymbolicLink(link).toString())) {
          return true;
        }
      }
    } catch (IOException _) {
      // Another user's process, or one that ended meanwhile.
      return false;
    }
    return false;
  }

  /** As the kernel prints an IPv4 address: its bytes in the order of this machine, in hex. */
  private static String hex(String address) {
    byte[] b = InetAddress.ofLiteral(address).getAddress();
    return "%02X%02X%02X%02X".formatted(b[3], b[2], b[1], b[0]);
  }

  private static String end(int port) {
    return ":%04X".formatted(port);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of();
    }
  }
}
