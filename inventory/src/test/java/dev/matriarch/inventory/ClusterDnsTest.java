package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.inventory.ClusterDns.Target;
import dev.matriarch.promises.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterDnsTest {
  private static final String VIP = "pg_vip_enabled: true\npg_vip_address: 10.10.10.2/24\n";

  private static ClusterDns of(String vars) {
    return ClusterDns.of(Read.seedWith(vars));
  }

  @ParameterizedTest
  @CsvSource({"'', pg-test", "db.example, pg-test.db.example", ".db, pg-test.db"})
  @Promise({"P39", "P43"})
  void theNameIsTheClustersWithTheSuffix(String suffix, String name) {
    assertThat(of("pg_dns_suffix: '" + suffix + "'").name()).isEqualTo(name);
  }

  @Test
  @Promise({"P40", "P44"})
  void theTargetIsThePrimaryTheVipOrAnAddress() {
    Target vip = new Target.Fixed(List.of(Address.of("10.10.10.2")));
    assertThat(of("").target()).isEqualTo(new Target.Primary());
    assertThat(of(VIP).target()).isEqualTo(vip);
    assertThat(of(VIP + "pg_dns_target: vip").target()).isEqualTo(vip);
    assertThat(of(VIP + "pg_dns_target: primary").target()).isEqualTo(new Target.Primary());
    assertThat(of(VIP + "pg_dns_target: none").target()).isEqualTo(new Target.None());
    assertThat(of(VIP + "pg_dns_target: 10.10.10.99").target())
        .isEqualTo(new Target.Fixed(List.of(Address.of("10.10.10.99"))));
  }

  @Test
  void aTargetThatIsNotThereIsRefused() {
    assertThat(Read.problemsOfSeedWith("pg_dns_target: vip"))
        .containsExactly(
            "matriarch.yml:8: pg-test.vars.pg_dns_target: vip needs an address that follows the"
                + " primary; set pg_vip_enabled and pg_vip_address, or take primary");
    assertThat(Read.problemsOfSeedWith("pg_dns_target: primry"))
        .singleElement()
        .asString()
        .endsWith("did you mean primary?");
    assertThat(Read.problemsOfSeedWith("pg_dns_suffix: 'a b'"))
        .singleElement()
        .asString()
        .contains("is not what can end a name in DNS");
  }

  @Test
  void furtherNamesAreLinesOfAHostsFile() {
    String infra =
        """
        infra:
          hosts: { 10.10.10.10: { infra_seq: 1 } }
          vars: { dns_records: ['${admin_ip} i.db www.db', '10.10.10.88 sss.db'] }
        """;
    assertThat(Read.valid(Read.SEED + infra).infraNodes().getFirst().dnsRecords())
        .containsExactly(
            new DnsRecord(Address.of("10.10.10.10"), List.of("i.db", "www.db")),
            new DnsRecord(Address.of("10.10.10.88"), List.of("sss.db")));
    assertThat(Read.problems(Read.SEED + infra.replace("10.10.10.88 sss.db", "sss.db")))
        .singleElement()
        .asString()
        .contains("sss.db is no line of a hosts file");
  }

  @Test
  void thePortOfDnsIsTaken() {
    String infra = "infra: { hosts: { 10.10.10.11: { infra_seq: 1, dns_port: 6432 } } }\n";
    assertThat(Read.problems(Read.SEED + infra))
        .singleElement()
        .asString()
        .contains("dnsmasq", "6432");
    String without = infra.replace("dns_port: 6432", "dns_port: 6432, dns_enabled: false");
    assertThat(Read.problems(Read.SEED + without)).isEmpty();
  }
}
