package dev.matriarch.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.matriarch.promises.Promise;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @ValueSource(strings = {"10.10.10.11", "127.0.0.11", "255.0.0.1", "fd00::11", "::1"})
  @Promise("P7")
  void literalAddresses(String text) {
    assertThat(Address.parse(text)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.10.10",
        "10.10.10.256",
        "10.10.10.11.",
        "010.1.1.1",
        "1.2.3.4.5",
        "host",
        "a:b",
        "10.10.10.11/24",
        "fe80::1%eth0",
        "10.10.10.[1:3]",
        "::ffff:1.2.3",
        "10.1",
        ":::"
      })
  void othersAreNone(String text) {
    assertThat(Address.parse(text)).isEmpty();
  }

  @Test
  void equalAddressesAreEqualHoweverWritten() {
    assertThat(Address.of("FD00:0:0::11")).isEqualTo(Address.of("fd00::11"));
    assertThat(Address.of("fd00::11").withPort(80)).startsWith("[").endsWith("]:80");
    assertThat(Address.of("10.0.0.1").withPort(80)).isEqualTo("10.0.0.1:80");
    assertThat(Address.of("10.0.0.1").asBlock()).isEqualTo("10.0.0.1/32");
  }

  @Test
  void blocksContainTheirAddresses() {
    AddressBlock block = AddressBlock.parse("172.16.0.0/12").orElseThrow();
    assertThat(block.contains(Address.of("172.31.255.255"))).isTrue();
    assertThat(block.contains(Address.of("172.32.0.0"))).isFalse();
    assertThat(block.contains(Address.of("fd00::1"))).isFalse();
    assertThat(AddressBlock.parse("10.0.0.0/33")).isEmpty();
    assertThat(AddressBlock.parse("10.0.0.0")).isEmpty();
    assertThat(AddressBlock.parse("0.0.0.0/0").orElseThrow().contains(Address.of("8.8.8.8")))
        .isTrue();
  }
}
