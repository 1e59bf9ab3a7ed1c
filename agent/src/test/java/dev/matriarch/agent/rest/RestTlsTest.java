package dev.matriarch.agent.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.matriarch.agent.config.HostPort;
import dev.matriarch.agent.config.PeerAccess;
import dev.matriarch.agent.config.RestConfig;
import dev.matriarch.agent.config.RestConfig.Tls;
import dev.matriarch.agent.config.RestConfig.VerifyClient;
import dev.matriarch.etcd.KeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With certificates made by openssl. */
@Tag("real")
class RestTlsTest {
  private static final HostPort ANY = new HostPort("127.0.0.1", 0);
  private static final Duration BUDGET = Duration.ofSeconds(10);

  private final FakeRequests requests = new FakeRequests();
  @TempDir Path folder;

  private void certificate(String name) throws IOException, InterruptedException {
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                name + ".key",
                "-out",
                name + ".crt")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    assertThat(openssl.waitFor()).isZero();
  }

  private void run(String... line) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("run.log").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private RestServer start(VerifyClient verify) throws IOException {
    return RestServer.start(config(verify), () -> Statuses.primary().status(), requests);
  }

  private RestConfig config(VerifyClient verify) {
    Tls tls =
        new Tls(file("a.crt"), KeyFile.plain(file("a.key")), Optional.of(file("a.crt")), verify);
    return new RestConfig(ANY, ANY, Optional.of(tls), Optional.empty());
  }

  /** What curl gets: the status, or its own exit code when there is no answer. */
  private String curl(RestServer server, String method, String path, String... options)
      throws Exception {
    List<String> line = new ArrayList<>(List.of("curl", "-s", "-o", "/dev/null"));
    line.addAll(List.of("-w", "%{http_code}", "--cacert", file("a.crt").toString()));
    line.addAll(List.of("-X", method));
    line.addAll(List.of(options));
    line.add("https://127.0.0.1:" + server.port() + path);
    Process curl = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(curl.getInputStream().readAllBytes(), US_ASCII);
    return curl.waitFor() == 0 ? said : "none";
  }

  private boolean answers(RestServer server, PeerAccess access) throws Exception {
    try (PeerProbe probe = new PeerProbe(access)) {
      return probe.ask("a", "https://127.0.0.1:" + server.port() + "/patroni", BUDGET).isPresent();
    }
  }

  private PeerAccess trusting(String ca) {
    return new PeerAccess(Optional.of(file(ca)), Optional.empty(), false, Optional.empty());
  }

  private PeerAccess showing(String name) {
    return new PeerAccess(
        Optional.of(file("a.crt")),
        Optional.of(
            new PeerAccess.Certificate(file(name + ".crt"), KeyFile.plain(file(name + ".key")))),
        false,
        Optional.empty());
  }

  @Test
  void checksCertificatesBothWays() throws Exception {
    certificate("a");
    certificate("b");
    try (RestServer open = start(VerifyClient.NONE);
        RestServer closed = start(VerifyClient.REQUIRED)) {
      assertThat(answers(open, trusting("a.crt"))).isTrue();
      assertThat(answers(open, trusting("b.crt"))).isFalse();
      assertThat(answers(open, PeerAccess.PLAIN)).isFalse();
      assertThat(
              answers(
                  open, new PeerAccess(Optional.empty(), Optional.empty(), true, Optional.empty())))
          .isTrue();
      assertThat(answers(closed, trusting("a.crt"))).isFalse();
      assertThat(answers(closed, showing("b"))).isFalse();
      assertThat(answers(closed, showing("a"))).isTrue();
    }
  }

  @Test
  void wantsCertificatesForChangesOrForAll() throws Exception {
    certificate("a");
    String[] shown = {"--cert", file("a.crt").toString(), "--key", file("a.key").toString()};
    try (RestServer optional = start(VerifyClient.OPTIONAL);
        RestServer required = start(VerifyClient.REQUIRED)) {
      assertThat(curl(optional, "GET", "/primary")).isEqualTo("200");
      assertThat(curl(optional, "POST", "/reload")).isEqualTo("403");
      assertThat(requests.asked).isEmpty();
      assertThat(curl(optional, "POST", "/reload", shown)).isEqualTo("202");
      assertThat(curl(required, "GET", "/primary")).isEqualTo("none");
      assertThat(curl(required, "GET", "/primary", shown)).isEqualTo("200");
      assertThat(curl(required, "POST", "/reload", shown)).isEqualTo("202");
    }
  }

  @Test
  void takesANewCertificateWithoutARestart() throws Exception {
    certificate("a");
    certificate("b");
    try (RestServer server = start(VerifyClient.NONE)) {
      Files.copy(file("b.crt"), file("a.crt"), StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> server.reload(config(VerifyClient.NONE)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("a.key is not the key of");
      Files.copy(file("b.key"), file("a.key"), StandardCopyOption.REPLACE_EXISTING);
      server.reload(config(VerifyClient.NONE));

      assertThat(answers(server, trusting("b.crt"))).isTrue();
    }
  }

  @Test
  void opensAKeyWithItsPassword() throws Exception {
    certificate("a");
    run("openssl", "pkcs8", "-topk8", "-in", "a.key", "-out", "l.key", "-passout", "pass:open it");
    KeyFile locked = new KeyFile(file("l.key"), "open it", "restapi.keyfile_password");
    Tls tls = new Tls(file("a.crt"), locked, Optional.empty(), VerifyClient.NONE);
    RestConfig config = new RestConfig(ANY, ANY, Optional.of(tls), Optional.empty());

    try (RestServer server =
        RestServer.start(config, () -> Statuses.primary().status(), requests)) {
      assertThat(answers(server, trusting("a.crt"))).isTrue();
    }
  }

  @Test
  void permitsOnlyTheSuitesThatAreNamed() throws Exception {
    certificate("a");
    Tls tls =
        new Tls(
            file("a.crt"),
            KeyFile.plain(file("a.key")),
            Optional.empty(),
            VerifyClient.NONE,
            List.of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
    RestConfig config = new RestConfig(ANY, ANY, Optional.of(tls), Optional.empty());
    try (RestServer server =
        RestServer.start(config, () -> Statuses.primary().status(), requests)) {
      String[] old = {"--tls-max", "1.2", "--ciphers", "ECDHE-RSA-AES256-GCM-SHA384"};
      assertThat(curl(server, "GET", "/primary", old)).isEqualTo("200");
      old[3] = "ECDHE-RSA-AES128-GCM-SHA256";
      assertThat(curl(server, "GET", "/primary", old)).isEqualTo("none");
      assertThat(curl(server, "GET", "/primary")).as("TLS 1.3").isEqualTo("200");
    }
  }

  @Test
  void saysWhichFileIsWrong() throws Exception {
    certificate("a");
    Files.writeString(file("a.key"), "-----BEGIN RSA PRIVATE KEY-----\n");

    assertThatThrownBy(() -> start(VerifyClient.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.key holds no private key in PEM");
    Files.delete(file("a.key"));
    assertThatThrownBy(() -> start(VerifyClient.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a.key cannot be read");
  }
}
