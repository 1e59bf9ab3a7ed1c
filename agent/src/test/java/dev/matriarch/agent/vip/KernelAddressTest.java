package dev.matriarch.agent.vip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.agent.config.VipConfig;
import dev.matriarch.agent.guard.Netns;
import dev.matriarch.engine.Outcome;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real addresses of two hosts and a client on one bridge, each in a namespace of its own. */
@Tag("root")
@Timeout(60)
final class KernelAddressTest {
  private static final Outcome DONE = new Outcome.Done();
  private static final int NO_PORT = 9;

  private final InstantSource clock =
      () -> Instant.EPOCH.plusNanos(System.nanoTime() - Long.MIN_VALUE / 2);
  private Netns client;
  private Netns one;
  private Netns two;

  @BeforeEach
  void join() throws Exception {
    client = new Netns();
    one = new Netns();
    two = new Netns();
    ip(client, "link", "add", "br0", "type", "bridge");
    address(client, "br0", 100);
    host(one, "to-one", 1);
    host(two, "to-two", 2);
  }

  private void host(Netns host, String port, int number) throws Exception {
    ip(host, "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns", client.name());
    ip(client, "link", "set", port, "master", "br0", "up");
    address(host, "eth0", number);
  }

  private static void address(Netns host, String device, int number) throws Exception {
    ip(host, "address", "add", "10.9.9." + number + "/24", "dev", device);
    ip(host, "address", "add", "fd09::" + number + "/64", "dev", device, "nodad");
    ip(host, "link", "set", device, "up");
  }

  private static String ip(Netns host, String... order) throws Exception {
    String[] line = new String[order.length + 3];
    line[0] = "ip";
    line[1] = "-n";
    line[2] = host.name();
    System.arraycopy(order, 0, line, 3, order.length);
    return Netns.command(line);
  }

  @AfterEach
  void leave() throws Exception {
    client.close();
    one.close();
    two.close();
  }

  private static VipConfig vip(String text) {
    return new VipConfig(InetAddress.ofLiteral(text), text.contains(":") ? 64 : 24, VipConfig.AUTO);
  }

  private static LinuxNetwork network(int host) {
    return LinuxNetwork.of("10.9.9." + host);
  }

  /** The station that the client sends to for an address; it has to ask if it knows none. */
  private String station(VipConfig vip) throws Exception {
    client.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(vip.address(), NO_PORT), 2_000);
          } catch (IOException e) {
            return false; // Nobody listens there: the answer came from the station all the same.
          }
          return true;
        });
    return ip(client, "neighbour", "show", vip.text(), "dev", "br0")
        .replaceAll(".*lladdr ([0-9a-f:]+).*\\s*", "$1");
  }

  /** Java reads IPv6 addresses from the /proc of its first thread, which is in no namespace. */
  private static boolean isOn(Netns host, VipConfig vip) throws Exception {
    return !ip(host, "address", "show", "to", vip.text()).isBlank();
  }

  private static String stationOf(Netns host) throws Exception {
    return ip(host, "-brief", "link", "show", "eth0").trim().split("\\s+", -1)[2];
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.9.9.200", "fd09::200"})
  @Promise({"P46", "P159", "P160"})
  void neighboursSendToTheNewHolderAtOnce(String text) throws Exception {
    VipConfig vip = vip(text);
    one.call(() -> network(1).hold(vip, Duration.ofSeconds(60)));
    assertThat(station(vip)).isEqualTo(stationOf(one));

    assertThat(one.call(() -> network(1).drop(vip))).isEqualTo(DONE);
    assertThat(two.call(() -> network(2).hold(vip, Duration.ofSeconds(60)))).isEqualTo(DONE);
    assertThat(two.call(() -> network(2).announce(vip))).isEqualTo(DONE);
    // It asks nobody: it was told.
    assertThat(ip(client, "neighbour", "show", text, "dev", "br0")).contains(stationOf(two));
    assertThat(station(vip)).isEqualTo(stationOf(two));
    assertThat(isOn(one, vip)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.9.9.200", "fd09::200"})
  void theKernelTakesItOffBeforeTheLeaseEnds(String text) throws Exception {
    VipConfig vip = vip(text);
    one.call(
        () -> {
          HeldAddress address = new HeldAddress(vip, network(1), clock);
          Instant deadline = clock.instant().plusMillis(2_600);
          assertThat(address.hold(deadline)).isEqualTo(DONE);
          assertThat(isOn(one, vip)).isTrue();
          Instant last = clock.instant();
          while (isOn(one, vip)) {
            last = clock.instant();
          }
          assertThat(last).isBefore(deadline);
          return true;
        });
  }

  @Test
  void itIsNobodysSourceAndLeavesTheHostsOwnAddressesAlone() throws Exception {
    for (String text : new String[] {"10.9.9.200", "fd09::200"}) {
      VipConfig vip = vip(text);
      one.call(() -> network(1).hold(vip, Duration.ofSeconds(60)));
      String own = text.contains(":") ? "fd09::1" : "10.9.9.1";
      String other = text.contains(":") ? "fd09::2" : "10.9.9.2";
      assertThat(ip(one, "route", "get", other)).contains("src " + own);
      one.call(() -> network(1).drop(vip));
      assertThat(ip(one, "address", "show", "dev", "eth0"))
          .contains(own + "/")
          .doesNotContain(text);
      assertThat(ip(one, "route", "get", other)).contains("dev eth0");
    }
  }

  @Test
  void whatAnEarlierConfigurationPutElsewhereIsTakenOffToo() throws Exception {
    VipConfig vip = vip("10.9.9.200");
    ip(one, "link", "add", "br1", "type", "bridge");
    ip(one, "address", "add", "10.9.9.200/32", "dev", "br1");
    assertThat(one.call(() -> network(1).drop(vip))).isEqualTo(DONE);
    assertThat(one.call(() -> network(1).drop(vip))).isEqualTo(DONE);
    assertThat(ip(one, "address", "show", "dev", "br1")).doesNotContain("10.9.9.200");
  }

  @Test
  void aCutLinkIsSeen() throws Exception {
    VipConfig vip = vip("10.9.9.200");
    assertThat(one.call(() -> network(1).look(vip)))
        .isEqualTo(new Network.Sight("eth0", false, true));
    ip(client, "link", "set", "to-one", "down");
    assertThat(one.call(() -> network(1).look(vip).linked())).isFalse();
    ip(client, "link", "set", "to-one", "up");
    assertThat(one.call(() -> network(1).look(vip).linked())).isTrue();
  }

  @Test
  void anInterfaceThatIsNotThereIsSaid() throws Exception {
    VipConfig vip = new VipConfig(InetAddress.ofLiteral("10.9.9.200"), 24, "eth7");
    assertThat(one.call(() -> network(1).hold(vip, Duration.ofSeconds(5))))
        .isEqualTo(new Outcome.Failed("there is no network interface for it (eth7)"));
    assertThat(one.call(() -> network(1).look(vip).device())).isEmpty();
    assertThat(one.call(() -> NetworkInterface.getByName("eth0") != null)).isTrue();
  }
}
