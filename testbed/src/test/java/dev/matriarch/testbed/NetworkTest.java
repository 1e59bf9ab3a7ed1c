package dev.matriarch.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts are apart, joined by the bridge only, and leave nothing behind. */
@Tag("root")
class NetworkTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String ECHO =
      """
      import socket, threading
      s = socket.create_server(('0.0.0.0', 7777))
      def serve(c):
        while d := c.recv(9): c.sendall(d)
      while True:
        threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
      """;

  @TempDir Path logs;
  private Network network;
  private Host one;
  private Host two;
  private Host three;

  @BeforeEach
  void open() {
    network = Network.open(logs);
    one = network.add("n1", "10.10.10.11");
    two = network.add("n2", "10.10.10.12");
    three = network.add("n3", "10.10.10.13");
  }

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void hostsReachEachOtherAndTheJvmReachesThemFromAHost() throws Exception {
    Proc echo = serve(two);
    assertThat(connects(one, two)).isTrue();
    assertThat(echo.alive()).isTrue();
    assertThat(connects(one, three)).isFalse();
  }

  @Test
  void twoNetworksWithTheSameAddressesDoNotMeet() throws Exception {
    serve(two);
    try (Network other = Network.open(logs)) {
      Host stranger = other.add("n1", "10.10.10.11");
      other.add("n2", "10.10.10.12");
      assertThat(connects(stranger, two)).isFalse();
    }
    assertThat(connects(one, two)).isTrue();
  }

  @Test
  void isolationStopsAnOpenConnectionSilentlyAndHealingLetsItGoOn() throws Exception {
    serve(two);
    one.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(two.address(), 7777), 2000);
            socket.setSoTimeout(500);
            assertThat(echoes(socket)).isTrue();
            network.isolate(two);
            assertThat(echoes(socket)).isFalse();
            network.heal(two);
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo('x');
            assertThat(echoes(socket)).isTrue();
            return true;
          }
        });
  }

  @Test
  void partitionCutsBetweenTheGroupsOnly() throws Exception {
    serve(two);
    serve(three);
    network.partition(List.of(one), List.of(two));
    assertThat(connects(one, two)).isFalse();
    assertThat(connects(one, three)).isTrue();
    assertThat(connects(three, two)).isTrue();
    network.healAll();
    Await.until("the partition is healed", SOON, () -> connects(one, two));
  }

  @Test
  void crashKillsEveryProcessAndIsSilentForPeers() throws Exception {
    Proc echo = serve(two);
    two.start("child", Launch.of("sh", "-c", "sleep 1000 & sleep 1000"));
    one.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(two.address(), 7777), 2000);
            socket.setSoTimeout(500);
            assertThat(echoes(socket)).isTrue();
            two.crash();
            assertThat(echoes(socket)).isFalse();
            return true;
          }
        });
    assertThat(two.pids()).isEmpty();
    assertThat(echo.awaitExit(SOON)).isTrue();
    assertThat(echo.exitCode()).isEqualTo(137);
    two.revive();
    serve(two);
    Await.until("host two is back", SOON, () -> connects(one, two));
  }

  @Test
  void aStartedProcessLeadsItsOwnGroupAndRunsAsTheUserAsked() {
    Proc proc =
        one.start(
            "id",
            Launch.of("sh", "-c", "id -un; echo $V; exec sleep 1000")
                .as("postgres")
                .with("V", "value"));
    Await.until("its output", SOON, () -> proc.tail(5).contains("value"));
    assertThat(proc.tail(5)).contains("postgres");
    assertThat(one.pids()).contains(proc.pid());
    proc.signalGroup(Signal.STOP);
    Await.until("it is frozen", SOON, () -> ProcFs.state(proc.pid()).orElse("").equals("T"));
    proc.signalGroup(Signal.CONT);
    assertThat(proc.stop(SOON)).isTrue();
  }

  @Test
  void closingRemovesNamespacesAndProcesses() {
    Proc proc = one.start("sleep", Launch.of("sleep", "1000"));
    network.close();
    assertThat(proc.awaitExit(SOON)).isTrue();
    assertThat(Shell.run("ip", "netns", "list").output()).doesNotContain(one.namespace());
  }

  @Test
  void sweepTakesWhatADeadOwnerLeftAndNothingElse() {
    String dead = new Owner(ProcessHandle.current().pid(), 1, "beef").namespace("n1");
    Shell.run("ip", "netns", "add", dead).orThrow();
    assertThat(Network.sweep()).contains(dead);
    assertThat(Shell.run("ip", "netns", "list").output())
        .doesNotContain(dead)
        .contains(one.namespace());
    assertThat(Owner.of("somebody-elses")).isEmpty();
  }

  private static Proc serve(Host host) {
    Proc proc = host.start("echo", Launch.of("python3", "-c", ECHO));
    Await.until("echo on " + host, SOON, () -> connects(host, host), () -> proc.tail(5));
    return proc;
  }

  private static boolean connects(Host from, Host to) {
    return from.call(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(to.address(), 7777), 1000);
            return true;
          } catch (IOException refused) {
            return false;
          }
        });
  }

  private static boolean echoes(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() == 'x';
    } catch (IOException silence) {
      return false;
    }
  }
}
