package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.agent.config.Entry.Mapping;
import dev.matriarch.etcd.ClusterKeys;
import dev.matriarch.etcd.EtcdConfig;
import dev.matriarch.inventory.Problem;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What keeps the names of clusters needs to know.
 *
 * @param folder where the DNS server reads hosts files
 * @param clusters whose names follow their primary
 */
public record NamesConfig(EtcdConfig etcd, Path folder, List<NamedCluster> clusters) {

  /**
   * A cluster and its name.
   *
   * @param keys its keys in etcd
   * @param name in DNS
   * @param primary the declared one, until another is known
   * @param members addresses by name
   */
  public record NamedCluster(
      String cluster,
      ClusterKeys keys,
      String name,
      String primary,
      Map<String, InetAddress> members) {
    public NamedCluster {
      requireNonNull(cluster, "cluster is null");
      requireNonNull(keys, "keys is null");
      requireNonNull(name, "name is null");
      requireNonNull(primary, "primary is null");
      members = Map.copyOf(members);
    }
  }

  /** The outcome of reading a file. */
  public sealed interface Result {
    record Loaded(NamesConfig config) implements Result {}

    record Rejected(List<Problem> problems) implements Result {}
  }

  public NamesConfig {
    requireNonNull(etcd, "etcd is null");
    requireNonNull(folder, "folder is null");
    clusters = List.copyOf(clusters);
  }

  /** Reads a file as the render room writes it. */
  public static Result load(Path file) {
    List<Problem> problems = new ArrayList<>();
    Optional<NamesConfig> config =
        new ConfigSource(Map.of(), problems, new ArrayList<>())
            .read(file)
            .map((Mapping read) -> config(new Section("", read, problems, problems)));
    return config.isPresent() && problems.isEmpty()
        ? new Result.Loaded(config.get())
        : new Result.Rejected(problems);
  }

  private static NamesConfig config(Section file) {
    List<NamedCluster> clusters = new ArrayList<>();
    for (Section cluster : file.sections("clusters")) {
      clusters.add(
          new NamedCluster(
              cluster.required("cluster", "name the cluster"),
              ClusterKeys.of(cluster.text("namespace", "service"), cluster.text("cluster", "-")),
              cluster.required("name", "give its name in DNS"),
              cluster.text("primary", ""),
              members(cluster.section("members"))));
      cluster.done();
    }
    file.required("folder", "give an absolute path");
    NamesConfig config =
        new NamesConfig(
            EtcdReader.read(file), file.absolutePath("folder").orElse(Path.of("/")), clusters);
    file.done();
    return config;
  }

  private static Map<String, InetAddress> members(Section members) {
    Map<String, InetAddress> addresses = new LinkedHashMap<>();
    for (String name : members.keys()) {
      try {
        addresses.put(name, InetAddress.ofLiteral(members.required(name, "give its address")));
      } catch (IllegalArgumentException e) {
        members.reject(name, "is no address", "write it as 10.10.10.11");
      }
    }
    members.done();
    return addresses;
  }
}
