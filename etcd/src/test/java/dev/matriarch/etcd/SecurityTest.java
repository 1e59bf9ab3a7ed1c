package dev.matriarch.etcd;

import static dev.matriarch.etcd.EtcdServers.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.promises.Promise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords and certificates. */
@Tag("real")
class SecurityTest {

  @TempDir Path folder;

  @Test
  @Promise("P292")
  void logsInAndAgainWhenItsTokenIsNoLongerGood() throws Exception {
    try (EtcdServers servers = EtcdServers.start(folder, 1, "http", List.of("--auth-token-ttl=2"));
        EtcdClient open = EtcdClient.open(servers.config())) {
      servers.ready(open);
      etcdctl(servers, "user", "add", "root:se:cret");
      etcdctl(servers, "user", "add", "pg-test:pw");
      etcdctl(servers, "role", "add", "pg-test");
      etcdctl(servers, "role", "grant-permission", "pg-test", "readwrite", "/pg/", "--prefix=true");
      etcdctl(servers, "user", "grant-role", "root", "root");
      etcdctl(servers, "user", "grant-role", "pg-test", "pg-test");
      etcdctl(servers, "auth", "enable");
      assertThatThrownBy(() -> open.get("/pg/x"))
          .satisfies(e -> assertFailure(e, EtcdFailure.AuthFailed.class));

      EtcdConfig config = servers.config().withTimeouts(Timeouts.DEFAULT);
      try (EtcdClient wrong =
              EtcdClient.open(config.withLogin(new Login.Password("pg-test", "no")));
          EtcdClient right =
              EtcdClient.open(config.withLogin(new Login.Password("pg-test", "pw")))) {
        assertThatThrownBy(() -> wrong.get("/pg/x"))
            .satisfies(e -> assertFailure(e, EtcdFailure.AuthFailed.class))
            .hasMessageContaining("authentication failed");
        assertThat(right.put("/pg/x", "1", LeaseId.NONE)).isInstanceOf(TxnOutcome.Applied.class);
        assertThat(right.put("/other", "1", LeaseId.NONE))
            .isInstanceOfSatisfying(
                TxnOutcome.Failed.class,
                f -> assertThat(f.failure()).isInstanceOf(EtcdFailure.AuthFailed.class));
        Queue<WatchNotice> heard = new ConcurrentLinkedQueue<>();
        Watch watch = right.watch("/pg/", heard::add);
        until("listed", () -> !heard.isEmpty());
        servers.kill(0);
        servers.restart(0);
        until("a restarted server knows no token", () -> succeeds(right));
        until(
            "the watch goes on",
            () ->
                heard.stream()
                    .anyMatch(n -> n instanceof WatchNotice.Changed c && !c.changes().isEmpty()));
        watch.close();
      }
    }
  }

  private static boolean succeeds(EtcdClient client) throws InterruptedException {
    return client.put("/pg/x", "2", LeaseId.NONE) instanceof TxnOutcome.Applied;
  }

  private static void assertFailure(Throwable e, Class<? extends EtcdFailure> kind) {
    assertThat(e)
        .isInstanceOfSatisfying(
            EtcdException.class, failed -> assertThat(failed.failure()).isInstanceOf(kind));
  }

  private static void etcdctl(EtcdServers servers, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("etcdctl", "--endpoints", servers.endpoint(0).toString()));
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  @Promise("P291")
  void provesItselfWithACertificateAndChecksTheServers() throws Exception {
    Path ca = authority("ca");
    Path other = authority("other");
    Path server = certificate(ca, "server");
    Path agent = certificate(ca, "agent");
    try (EtcdServers servers =
        EtcdServers.start(
            folder,
            1,
            "https",
            List.of(
                "--cert-file=" + server,
                "--key-file=" + keyOf(server),
                "--client-cert-auth",
                "--trusted-ca-file=" + ca))) {
      EtcdConfig plain =
          new EtcdConfig(
              servers.endpoints(0),
              new Security.MutualTls(ca, agent, keyOf(agent)),
              new Login.Anonymous(),
              new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(1)));
      try (EtcdClient client = EtcdClient.open(plain);
          EtcdClient anonymous = EtcdClient.open(plain.withSecurity(new Security.ServerTls(ca)));
          EtcdClient distrustful =
              EtcdClient.open(
                  plain.withSecurity(new Security.MutualTls(other, agent, keyOf(agent))))) {
        servers.ready(client);
        client.put("/pg/x", "1", LeaseId.NONE);
        assertThat(client.get("/pg/x")).map(KeyValue::value).isEqualTo(Optional.of("1"));
        Queue<WatchNotice> heard = new ConcurrentLinkedQueue<>();
        Watch watch = client.watch("/pg/", heard::add);
        until("watches", () -> heard.stream().anyMatch(WatchNotice.Resumed.class::isInstance));
        watch.close();
        assertThatThrownBy(() -> anonymous.get("/pg/x"))
            .satisfies(e -> assertFailure(e, EtcdFailure.Unreachable.class));
        assertThatThrownBy(() -> distrustful.get("/pg/x"))
            .satisfies(e -> assertFailure(e, EtcdFailure.Unreachable.class))
            .hasMessageContaining("TLS")
            .hasMessageContaining(servers.endpoint(0).toString());
      }
    }
    assertThatThrownBy(() -> EtcdClient.open(secured(ca, agent, server)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(server.toString())
        .hasMessageContaining("holds no private key in PEM");
    assertThatThrownBy(() -> EtcdClient.open(secured(folder.resolve("none"), agent, keyOf(agent))))
        .hasMessageContaining("none: cannot be used as CA");
  }

  private static EtcdConfig secured(Path ca, Path certificate, Path key) {
    return new EtcdConfig(
        List.of(Endpoint.parse("https://127.0.0.1:1")),
        new Security.MutualTls(ca, certificate, key),
        new Login.Anonymous(),
        Timeouts.DEFAULT);
  }

  private Path authority(String name) throws Exception {
    Path certificate = folder.resolve(name + ".crt");
    run(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=" + name,
            "-keyout",
            keyOf(certificate).toString(),
            "-out",
            certificate.toString()));
    return certificate;
  }

  private Path certificate(Path ca, String name) throws Exception {
    Path certificate = folder.resolve(name + ".crt");
    Path request = folder.resolve(name + ".csr");
    Path extension = folder.resolve(name + ".ext");
    Files.writeString(extension, "subjectAltName=IP:127.0.0.1\n", UTF_8);
    run(
        List.of(
            "openssl",
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=" + name,
            "-keyout",
            keyOf(certificate).toString(),
            "-out",
            request.toString()));
    run(
        List.of(
            "openssl",
            "x509",
            "-req",
            "-in",
            request.toString(),
            "-CA",
            ca.toString(),
            "-CAkey",
            keyOf(ca).toString(),
            "-CAcreateserial",
            "-days",
            "2",
            "-extfile",
            extension.toString(),
            "-out",
            certificate.toString()));
    return certificate;
  }

  private static Path keyOf(Path certificate) {
    return Path.of(certificate.toString().replace(".crt", ".key"));
  }
}
