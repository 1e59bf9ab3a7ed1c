package dev.matriarch.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.inventory.Address;
import dev.matriarch.promises.Promise;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real servers serve every metric of theirs that alerts and boards ask for. */
@Tag("real")
class MonitoredServersTest {
  private static final Pattern SERVED = Pattern.compile("(?m)^([a-z][a-z0-9_]*)[{ ]");

  @TempDir Path folder;

  @Test
  @Promise({"P210", "P215"})
  void etcd_and_haproxy_serve_what_is_asked_for() throws Exception {
    String yaml = Samples.text("shared-host");
    for (int i = 1; i <= 3; i++) {
      yaml = yaml.replace("127.0.0.1" + i, RealNode.loopback(20 + i));
    }
    var inventory = Samples.inventory(yaml);
    List<RealNode> nodes = new ArrayList<>();
    try {
      for (int i = 1; i <= 3; i++) {
        var address = Address.of(RealNode.loopback(20 + i));
        nodes.add(new RealNode(inventory, address, folder.resolve("n" + i)));
        nodes.getLast().startService("etcd");
      }
      nodes.getFirst().startService("haproxy");
      String at = "http://" + RealNode.loopback(21);
      await(nodes.getFirst(), at + ":2379/metrics", "etcd_");
      await(nodes.getFirst(), at + ":9101/metrics", "haproxy_");
    } finally {
      nodes.forEach(RealNode::close);
    }
  }

  /** A round trip between peers is measured only after a while. */
  private static void await(RealNode node, String url, String prefix) throws Exception {
    SortedSet<String> wanted = new TreeSet<>(MonitoringFiles.metrics());
    wanted.removeIf(name -> !name.startsWith(prefix));
    assertThat(wanted).isNotEmpty();
    node.await(
        () -> {
          HttpResponse<String> answer =
              HttpClient.newHttpClient()
                  .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
          SortedSet<String> missing = new TreeSet<>(wanted);
          SERVED.matcher(answer.body()).results().forEach(found -> missing.remove(found.group(1)));
          return missing.toString();
        },
        "[]");
  }
}
