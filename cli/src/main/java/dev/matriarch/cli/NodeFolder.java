package dev.matriarch.cli;

import dev.matriarch.render.Layout;
import dev.matriarch.render.NodeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the files of a node: each whole or not at all, and never readable by others on the way.
 */
final class NodeFolder {
  private static final String PRIVATE = "rwx------";

  private final Layout layout;
  private final Optional<UserPrincipal> owner;

  /** The folder of a layout; root gives its files to the layout's user. */
  NodeFolder(Layout layout) {
    this.layout = layout;
    this.owner =
        OperatingSystem.isRoot() ? Optional.of(principal(layout.user())) : Optional.empty();
  }

  /** Makes the folders and writes the files in their order; what is the same already stays. */
  void write(List<NodeFile> files) {
    try {
      Files.createDirectories(layout.root().getParent());
      for (Path folder : layout.folders()) {
        makeFolder(folder);
      }
      for (NodeFile file : files) {
        writeFile(file);
      }
    } catch (IOException e) {
      throw new Refused(
          "%s: cannot write there as %s: %s"
              .formatted(layout.root(), OperatingSystem.user(), sentence(e)));
    }
  }

  /** Those that are not there yet, or with another content or mode. */
  List<NodeFile> different(List<NodeFile> files) {
    try {
      List<NodeFile> different = new ArrayList<>();
      for (NodeFile file : files) {
        if (!isSame(file.path(), file, file.content().getBytes(StandardCharsets.UTF_8))) {
          different.add(file);
        }
      }
      return different;
    } catch (IOException e) {
      throw new Refused(
          "%s: cannot be read as %s: %s"
              .formatted(layout.root(), OperatingSystem.user(), sentence(e)));
    }
  }

  private void makeFolder(Path folder) throws IOException {
    // The services' user owns what is below; a link put there must not lead root elsewhere.
    if (Files.isSymbolicLink(folder) && !folder.equals(layout.root())) {
      throw new Refused(folder + ": is a link; the folders of a node must be folders");
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(
          folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    }
    if (owner.isPresent() && !Files.getOwner(folder).equals(owner.get())) {
      Files.setOwner(folder, owner.get());
    }
  }

  private void writeFile(NodeFile file) throws IOException {
    Path path = file.path();
    byte[] content = file.content().getBytes(StandardCharsets.UTF_8);
    if (isSame(path, file, content)) {
      return;
    }
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(file.mode().permissions()))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.setPosixFilePermissions(fresh, file.mode().permissions());
    if (owner.isPresent()) {
      Files.setOwner(fresh, owner.get());
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isSame(Path path, NodeFile file, byte[] content) throws IOException {
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
        && Files.size(path) == content.length
        && Files.getPosixFilePermissions(path).equals(file.mode().permissions())
        && new String(Files.readAllBytes(path), StandardCharsets.UTF_8).equals(file.content());
  }

  private static UserPrincipal principal(String user) {
    try {
      return Path.of("/")
          .getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName(user);
    } catch (IOException _) {
      throw new Refused(
          "there is no user '%s' on this host to run PostgreSQL as; install postgresql-15 first"
              .formatted(user));
    }
  }

  private static String sentence(IOException e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
