package dev.matriarch.agent.names;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder of hosts files that a DNS server watches ({@code hostsdir} of dnsmasq): a file for each
 * cluster, replaced as a whole. It leaves names with a dot before them aside; until it is renamed a
 * new file has one.
 */
final class HostsFolder {
  private final Path folder;

  HostsFolder(Path folder) {
    this.folder = requireNonNull(folder, "folder is null");
  }

  /** Lets a name lead to an address; false when it already did. */
  boolean write(String cluster, String name, InetAddress address) throws IOException {
    String line = address.getHostAddress() + " " + name + "\n";
    Path file = folder.resolve(cluster);
    if (line.equals(content(file))) {
      return false;
    }
    Path next = folder.resolve("." + cluster);
    Files.writeString(next, line);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /** Whether a name of this cluster leads anywhere. */
  boolean has(String cluster) {
    return Files.exists(folder.resolve(cluster));
  }

  /** Forgets the names of all other clusters, which are gone. */
  List<String> keep(Collection<String> clusters) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> gone =
          files.filter(file -> !clusters.contains(file.getFileName().toString())).toList();
      for (Path file : gone) {
        Files.delete(file);
      }
      return gone.stream().map(file -> file.getFileName().toString()).toList();
    }
  }

  private static String content(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    }
  }
}
