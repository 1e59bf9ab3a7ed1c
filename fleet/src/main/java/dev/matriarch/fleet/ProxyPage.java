package dev.matriarch.fleet;

import dev.matriarch.inventory.Secret;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The statistics page of an HAProxy, read as CSV: one line for each server of each service. Which
 * columns there are depends on its release, so that each is found by its name.
 */
final class ProxyPage {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final String SERVER = "2";

  private ProxyPage() {}

  /** What came of it. */
  sealed interface Answer {
    record Told(List<ProxyServer> servers) implements Answer {
      public Told {
        servers = List.copyOf(servers);
      }
    }

    record Silent(String why) implements Answer {}
  }

  static Answer read(Web web, ServiceHost host) throws InterruptedException {
    Secret password = host.password();
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .GET()
            .header("Authorization", Web.login(host.user(), password.reveal()));
    String path = "/haproxy/" + host.name() + "/;csv";
    String url = "http://" + host.address().withPort(host.adminPort());
    return switch (web.ask(url, path, request, PATIENCE)) {
      case AgentAnswer.Answered it when it.isOk() -> new Answer.Told(servers(it.body()));
      case AgentAnswer.Answered it when it.status() == 401 ->
          new Answer.Silent("it does not know haproxy_admin_password");
      case AgentAnswer.Answered it -> new Answer.Silent("it answers " + it.status());
      case AgentAnswer.NotThere it -> new Answer.Silent(it.why());
      case AgentAnswer.NoAnswer it -> new Answer.Silent(it.why());
    };
  }

  static List<ProxyServer> servers(String csv) {
    List<ProxyServer> servers = new ArrayList<>();
    List<String> names = List.of();
    for (String line : csv.lines().toList()) {
      if (line.startsWith("# ")) {
        names = fields(line.substring(2));
      } else {
        Map<String, String> row = row(names, fields(line));
        if (row.getOrDefault("type", "").equals(SERVER)) {
          servers.add(server(row));
        }
      }
    }
    return servers;
  }

  private static ProxyServer server(Map<String, String> row) {
    return new ProxyServer(
        row.getOrDefault("pxname", ""),
        row.getOrDefault("svname", ""),
        row.getOrDefault("status", ""),
        number(row, "bck") > 0,
        (int) number(row, "weight"),
        number(row, "scur"),
        Duration.ofSeconds(number(row, "lastchg")),
        row.getOrDefault("check_status", ""));
  }

  private static long number(Map<String, String> row, String name) {
    String text = row.getOrDefault(name, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  private static Map<String, String> row(List<String> names, List<String> values) {
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < Math.min(names.size(), values.size()); i++) {
      row.put(names.get(i), values.get(i));
    }
    return row;
  }

  /** Split at commas, but not within quotes, which are doubled there. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
