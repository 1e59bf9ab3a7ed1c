package dev.matriarch.render;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.EtcdMember;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.inventory.ProxyHost;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code prometheus.yml}: whom to ask for metrics, and what to call them. */
final class ScrapeFile {
  static final String NAME = "prometheus.yml";

  private ScrapeFile() {}

  static String text(Inventory inventory) {
    Map<String, Object> file = new LinkedHashMap<>();
    Map<String, Object> global = new LinkedHashMap<>();
    global.put("scrape_interval", "10s");
    global.put("scrape_timeout", "8s");
    global.put("evaluation_interval", "10s");
    file.put("global", global);
    file.put("rule_files", List.of(AlertRules.NAME));
    file.put(
        "scrape_configs", List.of(job("pgsql", members(inventory)), job("etcd", etcd(inventory))));
    return YamlText.of(file);
  }

  private static Map<String, Object> job(String name, List<Object> targets) {
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("job_name", name);
    job.put("static_configs", targets);
    return job;
  }

  private static List<Object> members(Inventory inventory) {
    List<Object> targets = new ArrayList<>();
    for (Cluster cluster : inventory.clusters()) {
      List<ProxyHost> proxies = new ArrayList<>(inventory.proxies(cluster));
      for (Instance instance : cluster.instances()) {
        targets.add(member(instance, instance.ports().agent(), "agent"));
        if (proxies.stream().anyMatch(host -> host.address().equals(instance.address()))) {
          targets.add(
              member(instance, instance.settings().number("haproxy_exporter_port"), "haproxy"));
          proxies.removeIf(host -> host.address().equals(instance.address()));
        }
      }
      proxies.forEach(host -> targets.add(proxy(cluster, host)));
    }
    return targets;
  }

  private static Map<String, Object> member(Instance instance, int port, String part) {
    Map<String, String> labels = labels(instance.cluster(), instance.name());
    labels.put("ip", instance.address().text());
    labels.put("part", part);
    return target(instance.address().withPort(port), labels);
  }

  private static Map<String, Object> proxy(Cluster cluster, ProxyHost host) {
    Map<String, String> labels = labels(cluster.name(), host.name());
    labels.put("ip", host.address().text());
    labels.put("part", "haproxy");
    return target(host.address().withPort(host.adminPort()), labels);
  }

  private static List<Object> etcd(Inventory inventory) {
    List<Object> targets = new ArrayList<>();
    for (EtcdMember member : inventory.etcd().members()) {
      Map<String, String> labels = labels(inventory.etcd().name(), member.name());
      labels.put("ip", member.address().text());
      targets.add(target(member.address().withPort(member.clientPort()), labels));
    }
    return targets;
  }

  private static Map<String, String> labels(String cluster, String instance) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("cls", cluster);
    labels.put("ins", instance);
    return labels;
  }

  private static Map<String, Object> target(String address, Map<String, String> labels) {
    Map<String, Object> target = new LinkedHashMap<>();
    target.put("targets", List.of(address));
    target.put("labels", labels);
    return target;
  }
}
