package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who listens where; finds two that want the same port of a node. */
final class PortClaims {
  private record Claim(String owner, String what, String sharedBy) {}

  private record Pair(Address address, String first, String second) {}

  private final Findings findings;
  private final Map<Address, Map<Integer, Claim>> claims = new HashMap<>();
  private final Map<Pair, List<String>> conflicts = new LinkedHashMap<>();
  private final Map<Pair, Place> places = new HashMap<>();

  PortClaims(Findings findings) {
    this.findings = findings;
  }

  /** The owner takes the port for itself. */
  void claim(Address address, int port, String owner, String what, Place place) {
    share(address, port, owner, what, owner + " " + what, place);
  }

  /** The owner takes the port together with all others that share it under the same name. */
  void share(Address address, int port, String owner, String what, String sharedBy, Place place) {
    Claim claim = new Claim(owner, what, sharedBy);
    Claim before = claims.computeIfAbsent(address, _ -> new HashMap<>()).putIfAbsent(port, claim);
    if (before == null || before.sharedBy().equals(sharedBy)) {
      return;
    }
    Pair pair = new Pair(address, before.owner(), owner);
    String both = before.what().equals(what) ? what : before.what() + " and " + what;
    conflicts.computeIfAbsent(pair, _ -> new ArrayList<>()).add(both + " " + port);
    places.putIfAbsent(pair, place);
  }

  /** Reports all conflicts, one for each two owners on a node. */
  void report() {
    conflicts.forEach(
        (pair, ports) -> {
          Place place = places.get(pair);
          String list = String.join(", ", ports);
          if (pair.first().equals(pair.second())) {
            findings.problem(
                place,
                pair.second(),
                "wants one port twice (" + list + ")",
                "give each a port of its own");
          } else {
            findings.problem(
                place,
                pair.address().text(),
                "already runs "
                    + pair.first()
                    + " on ports of "
                    + pair.second()
                    + " ("
                    + list
                    + ")",
                "use another host or give " + pair.second() + " other ports");
          }
        });
  }
}
