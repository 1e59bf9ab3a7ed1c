package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Unfolds {@code pg_instances}: several instances on one host, by port (P61). */
final class InstancesOfHost {
  private InstancesOfHost() {}

  static List<Group.Host> of(
      Address address, Place place, Scope scope, Yaml host, Findings findings) {
    if (!scope.declares("pg_instances")) {
      return List.of(new Group.Host(address, place, scope));
    }
    List<Group.Host> hosts = new ArrayList<>();
    if (host instanceof Yaml.Mapping(Map<String, Yaml.Entry> parts, int _)
        && parts.get("pg_instances").value()
            instanceof Yaml.Mapping(Map<String, Yaml.Entry> instances, int _)) {
      Place list = scope.place("pg_instances").orElseThrow();
      ParameterType port = ParameterType.of("port");
      instances.forEach(
          (text, entry) -> {
            Place here = list.at(text, entry.keyLine());
            Scope own = Scope.read(entry.value(), here, findings);
            port.read(new Yaml.Scalar(text, true, "", entry.keyLine()), here, findings)
                .ifPresent(
                    number -> {
                      Scope ofPort = new Scope(Map.of("pg_port", number), Map.of("pg_port", here));
                      hosts.add(new Group.Host(address, here, scope.under(own).under(ofPort)));
                    });
          });
    }
    return hosts;
  }
}
