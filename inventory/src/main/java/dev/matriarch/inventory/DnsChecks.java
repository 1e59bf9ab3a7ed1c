package dev.matriarch.inventory;

import java.util.Optional;

/** A cluster's name in DNS leads somewhere. */
final class DnsChecks {
  private static final String TARGET = "pg_dns_target";

  private DnsChecks() {}

  static void check(Layout layout, Findings findings) {
    for (Group group : layout.of(Group.Kind.CLUSTER)) {
      Scope scope = layout.globals().under(group.vars());
      Optional<Value> vip = scope.value("pg_vip_enabled");
      boolean without = !vip.equals(Optional.of(new Value.Flag(true)));
      if (without && scope.value(TARGET).equals(Optional.of(new Value.Text("vip")))) {
        findings.problem(
            scope.place(TARGET).orElse(group.place()),
            "vip",
            "needs an address that follows the primary",
            "set pg_vip_enabled and pg_vip_address, or take primary");
      }
    }
  }
}
