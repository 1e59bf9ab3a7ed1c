package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.matriarch.engine.Leadership;
import dev.matriarch.etcd.ClusterSnapshot;
import dev.matriarch.etcd.EtcdException;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.VirtualAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/**
 * Where the addresses of a cluster are that follow its primary, and what is wrong with that.
 *
 * @param sights what each member's host has
 * @param problems one sentence each
 */
public record VipReport(String cluster, List<AddressSight> sights, List<String> problems) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  public VipReport {
    requireNonNull(cluster, "cluster is null");
    sights = List.copyOf(sights);
    problems = List.copyOf(problems);
  }

  /** Asks all members that etcd knows of; nobody where the cluster has no such address. */
  public static VipReport of(RunningCluster cluster) throws EtcdException, InterruptedException {
    List<VirtualAddress> declared = VirtualAddress.of(cluster.declared().settings());
    if (declared.isEmpty()) {
      return new VipReport(cluster.declared().name(), List.of(), List.of());
    }
    ClusterSnapshot snapshot = cluster.store().snapshot();
    List<AddressSight> sights = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    SequencedMap<String, String> urls = new LinkedHashMap<>();
    snapshot.state().members().values().forEach(it -> urls.put(it.name(), it.apiUrl()));
    cluster
        .agents()
        .getAll(urls, "/vip", PATIENCE)
        .forEach(
            (member, answer) -> {
              switch (answer) {
                case AgentAnswer.Answered it when it.isOk() -> sights.addAll(read(member, it));
                case AgentAnswer.Answered it ->
                    silent.add("agent of %s: answers %d".formatted(member, it.status()));
                case AgentAnswer.NotThere it -> silent.add("agent of " + member + ": " + it.why());
                case AgentAnswer.NoAnswer it -> silent.add("agent of " + member + ": " + it.why());
              }
            });
    String leader =
        snapshot.state().leadership() instanceof Leadership.Held held ? held.name() : "";
    List<String> problems = new ArrayList<>(silent);
    problems.addAll(problems(cluster.declared(), declared, sights, leader));
    return new VipReport(cluster.declared().name(), sights, problems);
  }

  private static List<AddressSight> read(String member, AgentAnswer.Answered answer) {
    List<AddressSight> sights = new ArrayList<>();
    try {
      for (JsonNode one : JSON.readTree(answer.body())) {
        sights.add(
            new AddressSight(
                member,
                one.path("address").asText(),
                one.path("interface").asText(),
                one.path("bound").asBoolean(),
                one.path("linked").asBoolean(),
                one.path("trouble").asText()));
      }
    } catch (JsonProcessingException e) {
      // An agent that answers something else has no such address.
      return List.of();
    }
    return sights;
  }

  /** What is wrong, if {@code leader} leads; empty for nobody. */
  static List<String> problems(
      Cluster cluster, List<VirtualAddress> declared, List<AddressSight> sights, String leader) {
    List<String> problems = new ArrayList<>();
    for (VirtualAddress vip : declared) {
      String block = vip.block().toString();
      List<AddressSight> of = sights.stream().filter(it -> it.address().equals(block)).toList();
      String holders =
          of.stream()
              .filter(AddressSight::bound)
              .map(AddressSight::member)
              .collect(Collectors.joining(", "));
      if (leader.isEmpty()) {
        problems.add("%s: %s has no leader".formatted(block, cluster.name()));
      } else if (!holders.equals(leader)) {
        problems.add(
            "%s: is on %s, and belongs on %s, which leads"
                .formatted(block, holders.isEmpty() ? "no member" : holders, leader));
      }
      of.stream()
          .filter(it -> !it.trouble().isEmpty() || it.device().isEmpty())
          .forEach(it -> problems.add("%s: %s: %s".formatted(block, it.member(), why(it))));
    }
    return problems;
  }

  private static String why(AddressSight sight) {
    return sight.trouble().isEmpty() ? "has no interface for it" : sight.trouble();
  }
}
