package dev.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.render.Layout;
import dev.matriarch.render.NodeFile;
import dev.matriarch.render.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeFolderTest {
  @TempDir private Path folder;

  private Layout layout() {
    return new Layout(
        folder.resolve("n1"),
        Programs.debian(15, List.of("/usr/bin/matriarch")),
        OperatingSystem.user(),
        true);
  }

  private String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void filesHaveTheirModesAndFoldersAreClosed() throws IOException {
    Layout layout = layout();
    NodeFile secret = new NodeFile(layout.conf("a"), NodeFile.Mode.SECRET, "password\n");
    NodeFile plain = new NodeFile(layout.run("services"), NodeFile.Mode.PLAIN, "etcd\n");
    new NodeFolder(layout).write(List.of(secret, plain));
    assertThat(mode(layout.conf("a"))).isEqualTo("rw-------");
    assertThat(mode(layout.run("services"))).isEqualTo("rw-r-----");
    assertThat(Files.readString(layout.conf("a"))).isEqualTo("password\n");
    for (Path made : layout.folders()) {
      assertThat(mode(made)).isEqualTo("rwx------");
    }
  }

  @Test
  void aFileThatIsTheSameIsNotTouched() throws IOException {
    Layout layout = layout();
    NodeFile file = new NodeFile(layout.conf("a"), NodeFile.Mode.PLAIN, "same\n");
    new NodeFolder(layout).write(List.of(file));
    Object before = Files.getAttribute(layout.conf("a"), "unix:ino");
    new NodeFolder(layout).write(List.of(file));
    assertThat(Files.getAttribute(layout.conf("a"), "unix:ino")).isEqualTo(before);
    new NodeFolder(layout)
        .write(List.of(new NodeFile(layout.conf("a"), NodeFile.Mode.PLAIN, "else\n")));
    assertThat(Files.readString(layout.conf("a"))).isEqualTo("else\n");
    try (var files = Files.list(layout.conf())) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void aLinkThatWasPutInPlaceOfAFileIsReplacedNotFollowed() throws IOException {
    Layout layout = layout();
    NodeFile file = new NodeFile(layout.conf("a"), NodeFile.Mode.SECRET, "mine\n");
    new NodeFolder(layout).write(List.of());
    Path precious = Files.writeString(folder.resolve("precious"), "untouched");
    Files.createSymbolicLink(layout.conf("a"), precious);
    Files.createSymbolicLink(layout.conf("a.new"), precious);
    new NodeFolder(layout).write(List.of(file));
    assertThat(Files.readString(precious)).isEqualTo("untouched");
    assertThat(Files.isSymbolicLink(layout.conf("a"))).isFalse();
  }

  @Test
  void aFolderThatIsALinkIsRefused() throws IOException {
    Layout layout = layout();
    Files.createDirectory(layout.root());
    Files.createSymbolicLink(layout.conf(), folder);
    assertThatThrownBy(() -> new NodeFolder(layout).write(List.of()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(layout.conf() + ": is a link");
  }

  @Test
  void aRootThatCannotBeMadeIsSaid() throws IOException {
    Files.writeString(folder.resolve("n1"), "a file");
    assertThatThrownBy(() -> new NodeFolder(layout()).write(List.of()))
        .isInstanceOf(Refused.class)
        .hasMessageContaining(folder.resolve("n1").toString());
  }
}
