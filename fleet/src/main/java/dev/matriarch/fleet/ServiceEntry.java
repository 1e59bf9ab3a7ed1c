package dev.matriarch.fleet;

import static java.util.Objects.requireNonNull;

import dev.matriarch.inventory.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A service as one host offers it now.
 *
 * @param servers that may take its connections, as HAProxy there sees them
 * @param trouble why nothing is known of them; empty when it is
 */
public record ServiceEntry(
    Service service, ServiceHost host, List<ProxyServer> servers, String trouble) {
  public ServiceEntry {
    requireNonNull(service, "service is null");
    requireNonNull(host, "host is null");
    servers = List.copyOf(servers);
    requireNonNull(trouble, "trouble is null");
  }

  /** Those that new connections go to: all that are up, else the first backup that is. */
  public List<ProxyServer> serving() {
    List<ProxyServer> plain =
        servers.stream().filter(server -> server.isUp() && !server.backup()).toList();
    Optional<ProxyServer> backup =
        servers.stream().filter(server -> server.isUp() && server.backup()).findFirst();
    return plain.isEmpty() ? backup.stream().toList() : plain;
  }

  /** Why the server gets connections, or why it gets none. */
  public String reason(ProxyServer server) {
    String reason = server.reason(service.check());
    if (!server.isUp() || !server.backup()) {
      return reason;
    }
    return serving().contains(server)
        ? reason + "; it is a backup, and none of the others is up"
        : reason + ", and stands by as a backup";
  }

  /** Why they go there: one phrase for all that have the same reason. */
  public String why() {
    if (!trouble.isEmpty()) {
      return trouble;
    }
    if (servers.isEmpty()) {
      return "no member is meant by its selector";
    }
    Map<String, String> names = new LinkedHashMap<>();
    for (ProxyServer server : servers) {
      String reason = reason(server);
      names.merge(reason, server.name(), (a, b) -> a + ", " + b);
    }
    return names.entrySet().stream()
        .map(entry -> entry.getValue() + ": " + entry.getKey())
        .collect(Collectors.joining("; "));
  }
}
