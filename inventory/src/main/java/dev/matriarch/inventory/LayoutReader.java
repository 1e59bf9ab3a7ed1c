package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds globals, groups and hosts in a file, bare or under {@code all}. */
final class LayoutReader {
  private static final Set<String> PARTS = Set.of("hosts", "vars", "children");

  private final Findings findings;
  private final List<Group> groups = new ArrayList<>();
  private final Set<String> providers;

  private LayoutReader(Set<String> providers, Findings findings) {
    this.providers = providers;
    this.findings = findings;
  }

  static Layout read(Yaml root, Findings findings) {
    return new LayoutReader(ProviderReader.names(root), findings).file(root);
  }

  private Layout file(Yaml root) {
    if (!(root instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _))) {
      findings.problem(
          Place.FILE.at("", root.line()),
          root.shown(),
          "is no mapping of groups",
          "write pg-test: {hosts: {...}, vars: {...}}");
      return new Layout(Scope.EMPTY, List.of());
    }
    List<Scope> globals = new ArrayList<>();
    Map<String, Yaml.Entry> rest = new LinkedHashMap<>(entries);
    Yaml.Entry all = rest.remove("all");
    if (all != null) {
      globals.add(all(all, Place.FILE.at("all", all.keyLine())));
    }
    Yaml.Entry vars = rest.remove("vars");
    if (vars != null) {
      globals.add(Scope.read(vars.value(), Place.FILE.at("vars", vars.keyLine()), findings));
    }
    groups(rest, Place.FILE, Scope.EMPTY, false);
    return new Layout(globals.stream().reduce(Scope.EMPTY, Scope::under), List.copyOf(groups));
  }

  private Scope all(Yaml.Entry entry, Place place) {
    if (entry.value().isEmpty()
        || !(entry.value() instanceof Yaml.Mapping(Map<String, Yaml.Entry> parts, int _))) {
      findings.problem(
          place, entry.value().shown(), "is no mapping", "write all: {children: ..., vars: ...}");
      return Scope.EMPTY;
    }
    checkParts(parts, place);
    if (parts.containsKey("hosts") && !parts.get("hosts").value().isEmpty()) {
      findings.notActedOn(
          place.at("hosts", parts.get("hosts").keyLine()), "hosts outside of any group");
    }
    children(parts, place, Scope.EMPTY, false);
    return vars(parts, place);
  }

  private Scope vars(Map<String, Yaml.Entry> parts, Place place) {
    Yaml.Entry vars = parts.get("vars");
    return vars == null
        ? Scope.EMPTY
        : Scope.read(vars.value(), place.at("vars", vars.keyLine()), findings);
  }

  private void children(
      Map<String, Yaml.Entry> parts, Place place, Scope around, boolean pgAround) {
    Yaml.Entry children = parts.get("children");
    if (children == null || children.value().isEmpty()) {
      return;
    }
    Place here = place.at("children", children.keyLine());
    if (children.value() instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _)) {
      groups(entries, here, around, pgAround);
    } else {
      findings.problem(here, children.value().shown(), "is no mapping of groups", "name them");
    }
  }

  private void groups(
      Map<String, Yaml.Entry> entries, Place place, Scope around, boolean pgAround) {
    entries.forEach(
        (name, entry) -> group(name, entry, place.at(name, entry.keyLine()), around, pgAround));
  }

  private void group(String name, Yaml.Entry entry, Place place, Scope around, boolean pgAround) {
    if (Parameters.isKnown(name)) {
      findings.problem(
          place, "", "is a parameter, not a group", "put it under vars, or under a group's vars");
      return;
    }
    if (entry.value().isEmpty()) {
      findings.notActedOn(
          place, "a group without content; vars around it do not reach a group of that name");
      return;
    }
    if (!(entry.value() instanceof Yaml.Mapping(Map<String, Yaml.Entry> parts, int _))) {
      findings.problem(
          place, entry.value().shown(), "is no group", "write {hosts: {...}, vars: {...}}");
      return;
    }
    checkParts(parts, place);
    Group.Kind found = GroupKind.of(name, parts, pgAround);
    Group.Kind kind =
        found == Group.Kind.OTHER && providers.contains(name) ? Group.Kind.PROVIDER : found;
    if (kind == Group.Kind.OTHER) {
      if (parts.containsKey("hosts") || !parts.containsKey("children")) {
        findings.notActedOn(place, "a group of another module");
      }
      children(parts, place, around, false);
      return;
    }
    Scope vars = around.under(vars(parts, place));
    List<Group.Host> hosts = hosts(parts, place);
    if (!hosts.isEmpty() || !parts.containsKey("children")) {
      groups.add(new Group(name, kind, place, vars, hosts));
    }
    children(parts, place, vars, kind == Group.Kind.CLUSTER);
  }

  private void checkParts(Map<String, Yaml.Entry> parts, Place place) {
    parts.forEach(
        (part, entry) -> {
          if (!PARTS.contains(part)) {
            findings.problem(
                place.at(part, entry.keyLine()),
                "",
                "is no part of a group",
                NearestName.of(part, PARTS)
                    .map(nearest -> "did you mean " + nearest + "?")
                    .orElse(
                        Parameters.isKnown(part)
                            ? "put it under vars"
                            : "a group has hosts, vars and children"));
          }
        });
  }

  private List<Group.Host> hosts(Map<String, Yaml.Entry> parts, Place place) {
    Yaml.Entry entry = parts.get("hosts");
    if (entry == null || entry.value().isEmpty()) {
      return List.of();
    }
    Place here = place.at("hosts", entry.keyLine());
    if (!(entry.value() instanceof Yaml.Mapping(Map<String, Yaml.Entry> entries, int _))) {
      findings.problem(
          here, entry.value().shown(), "is no mapping of hosts", "write {10.10.10.11: {...}}");
      return List.of();
    }
    List<Group.Host> hosts = new ArrayList<>();
    entries.forEach(
        (text, host) -> {
          Place at = here.at(text, host.keyLine());
          Scope scope = Scope.read(host.value(), at, findings);
          address(text, at)
              .ifPresent(
                  a -> hosts.addAll(InstancesOfHost.of(a, at, scope, host.value(), findings)));
        });
    return hosts;
  }

  private Optional<Address> address(String text, Place place) {
    Optional<Address> address = Address.parse(text);
    if (address.isEmpty()) {
      findings.problem(
          place,
          text.isEmpty() ? "''" : text.replaceAll("\\p{Cntrl}+", " "),
          "is no IPv4 or IPv6 address",
          "name hosts by address, such as 10.10.10.11");
      return address;
    }
    Optional<String> why = address.get().whyNoHost();
    why.ifPresent(reason -> findings.problem(place, text, reason, "give the address of one host"));
    return why.isPresent() ? Optional.empty() : address;
  }
}
