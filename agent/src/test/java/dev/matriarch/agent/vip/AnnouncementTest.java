package dev.matriarch.agent.vip;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AnnouncementTest {
  private static final byte[] STATION = HexFormat.of().parseHex("02005e000001");

  private static List<String> payloads(String address) {
    return Announcement.of(InetAddress.ofLiteral(address), STATION).stream()
        .map(frame -> HexFormat.of().formatHex(frame.payload()))
        .toList();
  }

  @Test
  void anIpv4AddressIsToldAsQuestionAndAsAnswer() {
    assertThat(payloads("10.10.10.2"))
        .containsExactly(
            "0001080006040001" + "02005e0000010a0a0a02" + "0000000000000a0a0a02",
            "0001080006040002" + "02005e0000010a0a0a02" + "ffffffffffff0a0a0a02");
  }

  @Test
  void anIpv6AddressIsAdvertisedToAllNodes() {
    String source = "fd000000000000000000000000000002";
    String body = "20000000" + source + "0201" + "02005e000001";
    assertThat(payloads("fd00::2"))
        .singleElement()
        .asString()
        .startsWith("6000000000203aff" + source + "ff020000000000000000000000000001" + "8800")
        .endsWith(body);
  }
}
