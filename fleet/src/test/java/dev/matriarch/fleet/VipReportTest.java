package dev.matriarch.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.VirtualAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class VipReportTest {
  private static final String VIP = "10.10.10.2/24";
  private static final Cluster CLUSTER =
      Declared.inventory(
              """
              pg-test:
                hosts:
                  10.10.10.11: { pg_seq: 1, pg_role: primary }
                  10.10.10.12: { pg_seq: 2, pg_role: replica }
                vars:
                  pg_cluster: pg-test
                  pg_vip_enabled: true
                  pg_vip_address: 10.10.10.2/24
              """)
          .clusters()
          .getFirst();

  private static List<String> problems(String leader, AddressSight... sights) {
    return VipReport.problems(
        CLUSTER, VirtualAddress.of(CLUSTER.settings()), List.of(sights), leader);
  }

  private static AddressSight on(String member, boolean bound) {
    return new AddressSight(member, VIP, "eth0", bound, true, "");
  }

  @Test
  void onTheLeaderAloneItIsRight() {
    assertThat(problems("pg-test-1", on("pg-test-1", true), on("pg-test-2", false))).isEmpty();
  }

  @Test
  void anywhereElseItIsWrong() {
    assertThat(problems("pg-test-1", on("pg-test-1", false), on("pg-test-2", true)))
        .containsExactly("10.10.10.2/24: is on pg-test-2, and belongs on pg-test-1, which leads");
    assertThat(problems("pg-test-1", on("pg-test-1", true), on("pg-test-2", true)))
        .containsExactly(
            "10.10.10.2/24: is on pg-test-1, pg-test-2, and belongs on pg-test-1, which leads");
    assertThat(problems("pg-test-1", on("pg-test-1", false)))
        .containsExactly("10.10.10.2/24: is on no member, and belongs on pg-test-1, which leads");
    assertThat(problems("", on("pg-test-1", false)))
        .containsExactly("10.10.10.2/24: pg-test has no leader");
  }

  @Test
  void anInterfaceThatIsNotThereOrHasNoLinkIsNamed() {
    assertThat(
            problems(
                "pg-test-1",
                new AddressSight("pg-test-1", VIP, "eth0", true, false, "eth0 has no link"),
                new AddressSight("pg-test-2", VIP, "", false, false, "")))
        .containsExactly(
            "10.10.10.2/24: pg-test-1: eth0 has no link",
            "10.10.10.2/24: pg-test-2: has no interface for it");
  }
}
