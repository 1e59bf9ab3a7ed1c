package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes clusters of the groups and checks who they are (P1-P8, P86-P94). */
final class ClusterReader {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
  private static final int LONGEST_NAME = 50;

  private record Named(String name, Group group, List<Group.Host> hosts, Place place) {}

  private final Layout layout;
  private final PortClaims claims;
  private final Findings findings;
  private final Shared<List<Service>> services;
  private final Shared<List<User>> defaultRoles;
  private final Shared<List<HbaRule>> hbaRules;
  private final Shared<List<HbaRule>> poolerHbaRules;

  private ClusterReader(Layout layout, PortClaims claims, Findings findings) {
    this.layout = layout;
    this.claims = claims;
    this.findings = findings;
    Settings globals = new Settings(Map.of(), Map.of(), layout.globals().values());
    services = new Shared<>(globals, ServiceReader.PARAMETERS, s -> new ServiceReader(s).read());
    defaultRoles =
        new Shared<>(globals, UserReader.PARAMETERS, s -> new UserReader(s).defaultRoles());
    hbaRules =
        new Shared<>(globals, HbaReader.POSTGRES, s -> HbaReader.read(s, HbaReader.POSTGRES));
    poolerHbaRules =
        new Shared<>(globals, HbaReader.POOLER, s -> HbaReader.read(s, HbaReader.POOLER));
  }

  static List<Cluster> read(Layout layout, PortClaims claims, Findings findings) {
    ClusterReader reader = new ClusterReader(layout, claims, findings);
    Map<String, Named> taken = new HashMap<>();
    List<Cluster> clusters = new ArrayList<>();
    for (Group group : layout.of(Group.Kind.CLUSTER)) {
      for (Named named : reader.named(group)) {
        reader.checkName(named, taken);
        reader.cluster(named).ifPresent(clusters::add);
      }
    }
    return clusters;
  }

  // A group is one cluster, unless its hosts name their own.
  private List<Named> named(Group group) {
    if (group.hosts().isEmpty()) {
      findings.problem(
          group.place(), "", "has no hosts", "add hosts: {10.10.10.11: {pg_seq: 1, ...}}");
      return List.of();
    }
    Map<String, Named> byName = new LinkedHashMap<>();
    boolean missing = false;
    Scope around = layout.globals().under(group.vars());
    for (Group.Host host : group.hosts()) {
      missing |= !host.scope().declares("pg_cluster") && !around.declares("pg_cluster");
      host.scope()
          .over(around, "pg_cluster")
          .ifPresent(
              name ->
                  byName
                      .computeIfAbsent(
                          name.toString(),
                          text ->
                              new Named(
                                  text,
                                  group,
                                  new ArrayList<>(),
                                  host.scope()
                                      .place("pg_cluster")
                                      .or(() -> around.place("pg_cluster"))
                                      .orElseThrow()))
                      .hosts()
                      .add(host));
    }
    if (missing) {
      findings.problem(
          group.place().at("vars", group.place().line()),
          "",
          "pg_cluster is missing",
          "add pg_cluster: " + (isName(group.name()) ? group.name() : "pg-test"));
    }
    if (byName.isEmpty()) {
      // Whatever is wrong with the instances is reported in the same breath.
      new InstanceReader(group, layout.globals(), claims, findings).read("?", group.hosts());
    }
    return List.copyOf(byName.values());
  }

  private static boolean isName(String name) {
    return NAME.matcher(name).matches()
        && !name.endsWith("-")
        && !name.equals("root")
        && name.length() <= LONGEST_NAME;
  }

  private void checkName(Named named, Map<String, Named> taken) {
    String name = named.name();
    if (name.equals("root")) {
      findings.problem(
          named.place(), name, "is the name of etcd's administrator", "choose another name");
    } else if (!isName(name)) {
      String better =
          name.toLowerCase(Locale.ROOT)
              .replaceAll("[^a-z0-9]+", "-")
              .replaceAll("^[^a-z]+|-+$", "");
      findings.problem(
          named.place(),
          name.isEmpty() ? "''" : name,
          "is no cluster name: lower case letters, digits and -, a letter first, at most "
              + LONGEST_NAME,
          isName(better) ? "use " + better : "use a name such as pg-test");
    }
    Named first = taken.putIfAbsent(name, named);
    if (first != null) {
      findings.problem(
          named.place(),
          name,
          "is already declared by group "
              + first.group().name()
              + " in line "
              + first.place().line(),
          "give each group its own pg_cluster");
    }
  }

  private Optional<Cluster> cluster(Named named) {
    Group group = named.group();
    List<Instance> instances =
        new InstanceReader(group, layout.globals(), claims, findings)
            .read(named.name(), named.hosts());
    Settings settings = settings(named, instances);
    Optional<Timing> timing = timing(named, settings);
    List<Service> effective = services.read(settings);
    claimServices(named, instances, effective, settings);
    long primaries = instances.stream().filter(i -> i.role() == InstanceRole.PRIMARY).count();
    if (primaries != 1 || timing.isEmpty() || findings.hasProblems()) {
      return Optional.empty();
    }
    ConfTemplate template = ConfTemplate.ofFile(settings.text("pg_conf"));
    Bytes rpo = new Bytes(((Value.Whole) settings.value("pg_rpo")).number());
    return Optional.of(
        new Cluster(
            named.name(),
            instances,
            effective,
            DatabaseReader.read(settings),
            defaultRoles.read(settings),
            new UserReader(settings).users(),
            hbaRules.read(settings),
            poolerHbaRules.read(settings),
            template,
            timing.get(),
            Durability.of(rpo, template),
            settings));
  }

  // Where hosts name their own cluster, the primary's host speaks for it.
  private Settings settings(Named named, List<Instance> instances) {
    Group group = named.group();
    Map<String, Value> host =
        group.vars().declares("pg_cluster")
            ? Map.of()
            : instances.stream()
                .filter(i -> i.role() == InstanceRole.PRIMARY)
                .findFirst()
                .map(i -> i.settings().host())
                .orElse(Map.of());
    return new Settings(host, group.vars().values(), layout.globals().values());
  }

  private Optional<Timing> timing(Named named, Settings settings) {
    return switch (settings.value("pg_rto")) {
      case Value.Whole(long seconds) -> Optional.of(Timing.ofSeconds(Math.toIntExact(seconds)));
      case Value.Text(String plan) -> plan(plan, named, settings);
      case Value.Decimal _, Value.Flag _, Value.Items _, Value.Entries _, Value.Absent _ ->
          throw new IllegalStateException("pg_rto was not checked");
    };
  }

  private Optional<Timing> plan(String plan, Named named, Settings settings) {
    Map<String, Value> plans =
        new LinkedHashMap<>(
            ((Value.Entries) Parameters.get("pg_rto_plan").defaultValue()).entries());
    plans.putAll(settings.entries("pg_rto_plan"));
    if (plans.get(plan) instanceof Value.Items(List<Value> row)) {
      return Optional.of(TimingPlan.of(plan, row));
    }
    Scope scope = layout.globals().under(named.group().vars());
    Place place = scope.place("pg_rto").orElse(named.place());
    // A row that was refused is not also unknown.
    if (scope
        .place("pg_rto_plan")
        .filter(p -> findings.hasProblemIn(p.path() + "." + plan))
        .isEmpty()) {
      findings.problem(
          place,
          plan,
          "is no plan; there are " + String.join(", ", plans.keySet()),
          NearestName.of(plan, plans.keySet())
              .map(nearest -> "did you mean " + nearest + "?")
              .orElse("choose one, or give whole seconds"));
    }
    return Optional.empty();
  }

  private void claimServices(
      Named named, List<Instance> instances, List<Service> services, Settings settings) {
    if (!settings.text("pg_service_provider").isEmpty() || !settings.flag("haproxy_enabled")) {
      return;
    }
    Map<Address, Place> places = new HashMap<>();
    named.hosts().forEach(host -> places.put(host.address(), host.place()));
    for (Instance instance : instances) {
      for (Service service : services) {
        // Services belong to the cluster: two of its instances on one host share them.
        claims.share(
            instance.address(),
            service.port(),
            instance.name(),
            "service " + service.name(),
            named.name() + " " + service.name(),
            places.get(instance.address()));
      }
    }
  }
}
