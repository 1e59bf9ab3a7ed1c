package dev.matriarch.inventory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an inventory: the seeds' YAML, bare or under {@code all.children}, with the described
 * system's parameter names. Pure: the caller hands in the text. Whatever the text, the answer is an
 * inventory or a list of problems, never an exception.
 */
public final class InventoryReader {
  private InventoryReader() {}

  /**
   * Reads and checks a whole file.
   *
   * @param file name to use in messages
   * @param text the file's content
   */
  public static InventoryResult read(String file, String text) {
    Findings findings = new Findings(file);
    Optional<Inventory> inventory =
        YamlReader.read(text, findings)
            .flatMap(root -> inventory(LayoutReader.read(root, findings), findings));
    if (inventory.isEmpty() || findings.hasProblems()) {
      return new InventoryResult.Invalid(findings.problems());
    }
    return new InventoryResult.Valid(inventory.get());
  }

  private static Optional<Inventory> inventory(Layout layout, Findings findings) {
    PortClaims claims = new PortClaims(findings);
    List<InfraNode> infra = infra(layout, claims);
    Optional<EtcdCluster> etcd = EtcdReader.read(layout, claims, findings);
    VipChecks.check(layout, findings);
    DnsChecks.check(layout, findings);
    List<Cluster> clusters = ClusterReader.read(layout, claims, findings);
    Map<String, List<ProxyHost>> providers =
        ProviderReader.read(layout, clusters, claims, findings);
    claims.report();
    if (layout.of(Group.Kind.CLUSTER).isEmpty() && !findings.hasProblems()) {
      findings.problem(
          Place.FILE,
          "",
          "no cluster is declared",
          "add pg-test: {hosts: {10.10.10.11: {pg_seq: 1, pg_role: primary}}, vars: {pg_cluster:"
              + " pg-test}}");
    }
    if (findings.hasProblems() || etcd.isEmpty()) {
      return Optional.empty();
    }
    Settings globals = new Settings(Map.of(), Map.of(), layout.globals().values());
    Warnings.find(layout, clusters, globals, findings);
    return Optional.of(
        new Inventory(
            findings.file(),
            clusters,
            etcd.get(),
            infra,
            providers,
            globals,
            findings.notActedOn(),
            findings.warnings()));
  }

  private static List<InfraNode> infra(Layout layout, PortClaims claims) {
    Map<Address, InfraNode> nodes = new LinkedHashMap<>();
    for (Group group : layout.of(Group.Kind.INFRA)) {
      Settings shared = new Settings(Map.of(), group.vars().values(), layout.globals().values());
      for (Group.Host host : group.hosts()) {
        Settings settings = shared.withHost(host.scope().values());
        if (nodes.putIfAbsent(host.address(), new InfraNode(host.address(), settings)) == null
            && settings.flag("dns_enabled")) {
          claims.claim(
              host.address(), settings.number("dns_port"), "dnsmasq", "dns_port", host.place());
        }
      }
    }
    return List.copyOf(nodes.values());
  }
}
