package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.promises.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made of an HAProxy's statistics page; of its many columns only some, in any order. */
class ServiceSurveyTest {
  private HttpServer page;
  private Inventory inventory;
  private String csv = "";

  @BeforeEach
  void start() throws IOException {
    page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    page.createContext(
        "/haproxy/",
        exchange -> {
          String login = exchange.getRequestHeaders().getFirst("Authorization");
          boolean known =
              ("Basic " + Base64.getEncoder().encodeToString("admin:pigsty".getBytes(UTF_8)))
                  .equals(login);
          boolean asked = exchange.getRequestURI().toString().equals("/haproxy/pg-test-1/;csv");
          byte[] body = csv.getBytes(UTF_8);
          exchange.sendResponseHeaders(known ? asked ? 200 : 404 : 401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    page.start();
    inventory = inventory("");
  }

  private Inventory inventory(String more) {
    String text =
        """
        pg-test:
          hosts:
            127.0.0.1: {pg_seq: 1, pg_role: primary, haproxy_exporter_port: %d}
            127.0.0.2: {pg_seq: 2, pg_role: replica, haproxy_enabled: false}
            127.0.0.3: {pg_seq: 3, pg_role: replica, haproxy_enabled: false}
          vars:
            pg_cluster: pg-test
        %s"""
            .formatted(page.getAddress().getPort(), more);
    return Declared.inventory(text);
  }

  @AfterEach
  void stop() {
    page.stop(0);
  }

  private void say(String... servers) {
    csv = "# pxname,svname,scur,status,weight,bck,lastchg,type,check_status,check_code,desc,\n";
    csv += "pg-test-primary,FRONTEND,7,OPEN,,,,0,,,,\n";
    csv += String.join("\n", servers) + "\n";
  }

  private ServiceEntry entry(String service) throws InterruptedException {
    return ServiceSurvey.of(inventory, inventory.clusters().getFirst()).stream()
        .filter(entry -> entry.service().name().equals(service))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> names(ServiceEntry entry) {
    return entry.serving().stream().map(ProxyServer::name).toList();
  }

  @Test
  void whoAnswersTheCheckTakesTheConnections() throws Exception {
    say(
        "pg-test-primary,pg-test-1,5,UP,100,0,61,2,L7OK,200,\"a \"\"desc\"\", quoted\",",
        "pg-test-primary,pg-test-2,0,DOWN,100,0,61,2,L7STS,503,,",
        "pg-test-primary,pg-test-3,0,DOWN,100,0,61,2,L7STS,503,,");
    ServiceEntry entry = entry("primary");
    assertThat(names(entry)).containsExactly("pg-test-1");
    assertThat(entry.serving().getFirst().sessions()).isEqualTo(5);
    assertThat(entry.why())
        .isEqualTo("pg-test-1: answers /primary; pg-test-2, pg-test-3: says no to /primary");
    assertThat(entry.host().endpoint(entry.service())).isEqualTo("127.0.0.1:5433");
  }

  @Test
  @Promise("P174")
  void aBackupTakesThemWhenNoOtherIsUp() throws Exception {
    say(
        "pg-test-replica,pg-test-1,5,UP,100,1,61,2,L7OK,200,,",
        "pg-test-replica,pg-test-2,0,UP,100,0,61,2,L7OK,200,,",
        "pg-test-replica,pg-test-3,0,DOWN,100,0,61,2,L4CON,,,");
    assertThat(names(entry("replica"))).containsExactly("pg-test-2");
    assertThat(entry("replica").why()).contains("pg-test-1: answers /read-only, and stands by");
    csv = csv.replace("0,UP,100,0", "0,DOWN,100,0");
    assertThat(names(entry("replica"))).containsExactly("pg-test-1");
    assertThat(entry("replica").why())
        .contains("it is a backup, and none of the others is up")
        .contains("pg-test-3: refuses to be asked: its agent does not run");
  }

  @Test
  void whatAnAgentSaidAheadOfTheChecksIsToldAsThat() throws Exception {
    say(
        "pg-test-primary,pg-test-1,5,DRAIN,100,0,1,2,L7STS,503,,",
        "pg-test-primary,pg-test-2,0,UP,100,0,1,2,L7STS,503,,",
        "pg-test-primary,pg-test-3,0,DOWN 1/3,100,0,1,2,L7OK,200,,");
    assertThat(names(entry("primary"))).containsExactly("pg-test-2");
    assertThat(entry("primary").why())
        .contains("pg-test-1: keeps the clients that it has and takes no new ones")
        .contains("pg-test-2: is up by its agent's word; the last check: says no to /primary")
        .contains("pg-test-3: answers /primary, which too few checks have found yet");
  }

  @Test
  void whoKeepsThePoolersClientsOfAFormerPrimaryIsToldAsThat() throws Exception {
    say(
        "pg-test-primary,pg-test-1,5,NOLB,100,0,1,2,L7OKC,404,,",
        "pg-test-primary,pg-test-2,0,UP,100,0,1,2,L7OK,200,,",
        "pg-test-primary,pg-test-3,0,DOWN,100,0,1,2,L7OKC,404,,");
    assertThat(names(entry("primary"))).containsExactly("pg-test-2");
    assertThat(entry("primary").why())
        .contains("pg-test-1: keeps the clients that it has and takes no new ones")
        .contains("pg-test-3: says no to /primary for new clients");
  }

  @Test
  void aHostWhoseHaproxyTellsNothingIsNamedWithTheReason() throws Exception {
    say("pg-test-primary,pg-test-1,5,UP,100,0,61,2,L7OK,200,,");
    assertThat(entry("replica").why())
        .isEqualTo("HAProxy there has no such service: its files are older than the inventory");
    inventory = inventory("    haproxy_admin_password: another\n");
    assertThat(entry("primary").why())
        .isEqualTo("HAProxy does not tell: it does not know haproxy_admin_password");
    page.stop(0);
    assertThat(entry("primary").why())
        .contains("HAProxy does not tell: 127.0.0.1:")
        .contains("refused");
    assertThat(entry("primary").serving()).isEmpty();
  }

  @Test
  void aServiceThatMeansNoMemberSaysSo() throws Exception {
    inventory =
        inventory(
            "    pg_services: [{name: late, port: 5999, selector: \"[? pg_role == 'delayed']\"}]\n");
    assertThat(entry("late").why()).isEqualTo("no member is meant by its selector");
  }

  @Test
  @Promise({"P49", "P50"})
  void hostsThatAreThereForServicesAreAskedInsteadOfTheMembers() throws Exception {
    inventory =
        inventory(
            """
                pg_service_provider: proxy
            proxy:
              hosts: {127.0.0.1: {nodename: pg-test-1, haproxy_exporter_port: %d}}
            """
                .formatted(page.getAddress().getPort()));
    say("pg-test-primary,pg-test-2,5,UP,100,0,61,2,L7OK,200,,");
    assertThat(names(entry("primary"))).containsExactly("pg-test-2");
    assertThat(ServiceSurvey.of(inventory, inventory.clusters().getFirst())).hasSize(4);
  }

  @Test
  void aRoleFitsACheckOrNot() {
    assertThat(Landing.fits("/primary", false)).isTrue();
    assertThat(Landing.fits("/primary", true)).isFalse();
    assertThat(Landing.fits("/replica?lag=16MB", true)).isTrue();
    assertThat(Landing.fits("/replica?lag=16MB", false)).isFalse();
    assertThat(Landing.fits("/read-only", false)).isTrue();
    assertThat(Landing.fits("/read-only", true)).isTrue();
  }
}
