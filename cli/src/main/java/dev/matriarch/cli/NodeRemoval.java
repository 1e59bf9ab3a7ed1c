package dev.matriarch.cli;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.EtcdCluster;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Node;
import dev.matriarch.inventory.Settings;
import dev.matriarch.render.Layout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The end of a node's folder. The supervisor's manifest, by which such a folder is known, goes
 * last: what was interrupted can be done again.
 *
 * @param node that the folder is of
 * @param etcd whose safeguard holds for the member on it
 * @param layout of the folder
 */
record NodeRemoval(Node node, EtcdCluster etcd, Layout layout) {
  NodeRemoval {
    requireNonNull(node, "node");
    requireNonNull(etcd, "etcd");
    requireNonNull(layout, "layout");
  }

  /** Data of one kind, and the parameters that decide about it. */
  private record Data(
      String what, Path folder, Settings settings, String safeguard, String removes) {
    boolean isRemoved() {
      return settings.flag(removes);
    }

    boolean isThere() {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        return entries.iterator().hasNext();
      } catch (IOException _) {
        return Files.exists(folder, LinkOption.NOFOLLOW_LINKS);
      }
    }

    Optional<String> objection() {
      return isThere() && isRemoved() && settings.flag(safeguard)
          ? Optional.of(
              "%s is true and guards %s in %s; nothing was deleted. Set it to false to delete the data, or %s to false to delete only the rest"
                  .formatted(safeguard, what, folder, removes))
          : Optional.empty();
    }
  }

  private List<Data> data() {
    List<Data> data = new ArrayList<>();
    node.etcd()
        .ifPresent(
            member ->
                data.add(
                    new Data(
                        "the data of " + member.name(),
                        layout.etcdData(),
                        etcd.settings(),
                        "etcd_safeguard",
                        "etcd_rm_data")));
    for (Instance instance : node.instances()) {
      data.add(
          new Data(
              "the data of " + instance.name(),
              layout.pgData().getParent(),
              instance.settings(),
              "pg_safeguard",
              "pg_rm_data"));
    }
    return data;
  }

  /** Why it may not be done, all reasons at once. */
  List<String> objections() {
    Path root = layout.root();
    if (!Files.isRegularFile(layout.run("services"), LinkOption.NOFOLLOW_LINKS)) {
      return List.of(root + ": is no folder of a node: it has no run/services");
    }
    List<String> objections = new ArrayList<>();
    SupervisedNode supervised = new SupervisedNode(node.address(), root);
    OptionalLong supervisor = supervised.supervisor();
    if (supervisor.isPresent()) {
      objections.add(
          "%s runs: its supervisor is process %d; stop it first"
              .formatted(node.name(), supervisor.getAsLong()));
    }
    OptionalLong postmaster = SupervisedNode.firstNumber(layout.pgData().resolve("postmaster.pid"));
    if (postmaster.isPresent() && supervised.belongsHere(postmaster.getAsLong())) {
      objections.add(
          "PostgreSQL of %s runs as process %d; stop it first"
              .formatted(node.name(), postmaster.getAsLong()));
    }
    data().forEach(data -> data.objection().ifPresent(objections::add));
    return objections;
  }

  String question() {
    List<String> gone = data().stream().filter(Data::isRemoved).map(Data::what).toList();
    return "%s is deleted from %s%s."
        .formatted(
            "What matriarch wrote for " + node.name(),
            layout.root(),
            gone.isEmpty() ? "" : ", with " + String.join(" and ", gone));
  }

  /** Deletes; a line for each thing that is gone or stays. */
  List<String> run() {
    List<String> lines = new ArrayList<>();
    try {
      for (Data data : data()) {
        if (data.isRemoved()) {
          delete(data.folder());
          lines.add("deleted " + data.what());
        } else {
          lines.add(
              "kept %s in %s: %s is false".formatted(data.what(), data.folder(), data.removes));
        }
      }
      for (Path folder : List.of(layout.conf(), layout.log(), layout.run())) {
        delete(folder);
      }
      boolean whole = isEmpty(layout.root());
      if (whole) {
        Files.delete(layout.root());
      }
      lines.add(whole ? "deleted " + layout.root() : "deleted the rest of " + layout.root());
      return lines;
    } catch (IOException e) {
      throw new Refused(
          "%s: not all of it can be deleted: %s %s; mend that and say it again"
              .formatted(layout.root(), e.getClass().getSimpleName(), e.getMessage()));
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder);
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      // The services' user owns what is below; no link put there meanwhile leads root elsewhere.
      if (!(entries instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("this system cannot delete folders safely");
      }
      empty(secure);
    }
    Files.delete(folder);
  }

  private static void empty(SecureDirectoryStream<Path> folder) throws IOException {
    for (Path entry : folder) {
      Path name = entry.getFileName();
      boolean isFolder =
          folder
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes()
              .isDirectory();
      if (isFolder) {
        try (SecureDirectoryStream<Path> inner =
            folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          empty(inner);
        }
        folder.deleteDirectory(name);
      } else {
        folder.deleteFile(name);
      }
    }
  }
}
