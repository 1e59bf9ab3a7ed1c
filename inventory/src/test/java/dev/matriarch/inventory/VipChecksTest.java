package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Promise("P208")
class VipChecksTest {
  private static final String ENABLED = "pg_vip_enabled: true\n";

  @Test
  void noAddressFollowsThePrimaryUnlessItIsAsked() {
    Settings settings = Read.seedWith("").settings();
    assertThat(settings.flag("pg_vip_enabled")).isFalse();
    assertThat(settings.text("pg_vip_address")).isEqualTo("127.0.0.1/24");
    assertThat(settings.text("pg_vip_interface")).isEqualTo("auto");
    assertThat(Read.problemsOfSeedWith("pg_vip_address: 10.10.10.11/24")).isEmpty();
  }

  @Test
  void addressAndInterfaceAreRead() {
    Settings settings =
        Read.seedWith(ENABLED + "pg_vip_address: 10.10.10.2/24\npg_vip_interface: eth1\n")
            .settings();
    assertThat(settings.flag("pg_vip_enabled")).isTrue();
    assertThat(settings.text("pg_vip_address")).isEqualTo("10.10.10.2/24");
    assertThat(settings.text("pg_vip_interface")).isEqualTo("eth1");
  }

  @Test
  void theAddressMustBeGiven() {
    assertThat(Read.problemsOfSeedWith(ENABLED))
        .containsExactly(
            "matriarch.yml:8: pg-test.vars.pg_vip_enabled: true needs pg_vip_address, the address"
                + " that follows the primary; add pg_vip_address: 10.10.10.2/24, an address of the"
                + " members' network that is free");
  }

  @ParameterizedTest
  @CsvSource({
    "10.10.10.2, is no address with a prefix length",
    "10.10.10.2/33, is no address with a prefix length",
    "nonsense, is no address with a prefix length",
    "10.10.10.11/24, is the address of a host",
    "10.10.10.0/24, is the network itself",
    "10.10.10.255/24, is the network itself",
    "0.0.0.0/0, means every address of a host",
    "224.0.0.1/24, is a multicast address",
  })
  void theAddressMustBeOneThatAHostCanHave(String address, String rule) {
    assertThat(Read.problemsOfSeedWith(ENABLED + "pg_vip_address: " + address))
        .singleElement()
        .asString()
        .startsWith("matriarch.yml:9: pg-test.vars.pg_vip_address: " + address + " " + rule)
        .contains("; ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.10.10.2/32", "10.10.10.2/31", "fd00::2/64"})
  void otherAddressesAreFine(String address) {
    assertThat(Read.problemsOfSeedWith(ENABLED + "pg_vip_address: " + address)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"''", "a/b", "'eth0 eth1'", "..", "a-name-too-long-1"})
  void theInterfaceMustHaveAName(String name) {
    assertThat(
            Read.problemsOfSeedWith(
                ENABLED + "pg_vip_address: 10.10.10.2/24\npg_vip_interface: " + name))
        .singleElement()
        .asString()
        .startsWith("matriarch.yml:10: pg-test.vars.pg_vip_interface: ")
        .endsWith("write auto, or a name such as eth0");
  }

  @Test
  void twoClustersCannotShareIt() {
    String vip = (ENABLED + "pg_vip_address: 10.10.10.2/24\n").indent(4);
    String other =
        """
        pg-other:
          hosts: { 10.10.10.21: { pg_seq: 1, pg_role: primary } }
          vars:
            pg_cluster: pg-other
        """;
    assertThat(Read.problems(Read.SEED + vip + other + vip))
        .containsExactly(
            "matriarch.yml:15: pg-other.vars.pg_vip_address: 10.10.10.2/24 already follows the"
                + " primary of pg-test; give each its own");
  }

  @Test
  @Promise("P163")
  void thereMayBeSeveralEachOnItsOwnInterface() {
    String two = ENABLED + "pg_vip_address: [10.10.10.2/24, 'fd00::2/64']\n";
    assertThat(
            VirtualAddress.of(Read.seedWith(two + "pg_vip_interface: [eth0, eth1]\n").settings()))
        .extracting(vip -> vip.block().prefix() + " on " + vip.network())
        .containsExactly("24 on eth0", "64 on eth1");
    assertThat(VirtualAddress.of(Read.seedWith(two).settings()))
        .extracting(VirtualAddress::network)
        .containsExactly("auto", "auto");
    assertThat(Read.problemsOfSeedWith(two + "pg_vip_interface: [eth0, eth1, eth2]\n"))
        .containsExactly(
            "matriarch.yml:10: pg-test.vars.pg_vip_interface: eth0,eth1,eth2 are 3 interfaces for 2"
                + " in pg_vip_address; name one for all of them, or one for each");
    assertThat(Read.problemsOfSeedWith(ENABLED + "pg_vip_address: []\n"))
        .singleElement()
        .asString()
        .contains("is empty");
  }

  /** Seen from the inventory; whether a switch lets the address move only shows when it does. */
  @Test
  @Promise({"P48", "P162"})
  void membersOutsideOfItsNetworkAreNamed() {
    String elsewhere = Read.SEED.replace("10.10.10.13:", "10.20.0.13:");
    String vip = (ENABLED + "pg_vip_address: 10.10.10.2/24\n").indent(4);
    String warning =
        "matriarch.yml:5: pg-test.hosts.10.20.0.13: 10.20.0.13 is outside of 10.10.10.2/24: nobody"
            + " would reach that address while this one leads; an address moves within one layer 2"
            + " network only; ";
    assertThat(unreached(elsewhere + vip)).singleElement().asString().startsWith(warning);
    assertThat(unreached(elsewhere + vip + "    pg_vip_interface: eth1\n"))
        .as("eth1 is in the network of the others")
        .singleElement()
        .asString()
        .startsWith(warning);
    assertThat(unreached(elsewhere)).isEmpty();
    assertThat(unreached(Read.SEED + vip)).isEmpty();
  }

  @Test
  @Promise({"P48", "P162"})
  void whatTheInventoryCannotKnowIsNoReasonToWarn() {
    for (String vip :
        List.of(
            "pg_vip_address: 10.30.0.2/24\npg_vip_interface: eth1\n",
            "pg_vip_address: 10.30.0.2/32\n",
            "pg_vip_address: 'fd00::2/64'\n")) {
      assertThat(unreached(Read.SEED + (ENABLED + vip).indent(4))).as(vip).isEmpty();
    }
    assertThat(unreached(Read.SEED + (ENABLED + "pg_vip_address: 10.30.0.2/24\n").indent(4)))
        .as("no member is in it")
        .hasSize(3);
  }

  @Test
  @Promise("P48")
  void aMemberWithAnAddressOfItsOwnIsAskedAboutThatOne() {
    String own =
        Read.SEED.replace(
            "10.10.10.13: { pg_seq: 3,", "10.20.0.13: { pg_vip_address: 10.20.0.2/24, pg_seq: 3,");
    assertThat(unreached(own + (ENABLED + "pg_vip_address: 10.10.10.2/24\n").indent(4))).isEmpty();
  }

  private static List<String> unreached(String text) {
    return Read.valid(text).warnings().stream()
        .map(Problem::toString)
        .filter(warning -> warning.contains("would reach that address"))
        .toList();
  }

  @Test
  @Promise("P47")
  void withoutTheWordThereIsNone() {
    assertThat(VirtualAddress.of(Read.seedWith("pg_vip_address: 10.10.10.2/24\n").settings()))
        .isEmpty();
  }
}
