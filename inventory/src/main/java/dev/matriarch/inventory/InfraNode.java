package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** A host of the {@code infra} group, and the parameters in effect there. */
public record InfraNode(Address address, Settings settings) {
  public InfraNode {
    requireNonNull(address, "address is null");
    requireNonNull(settings, "settings is null");
  }

  /** The further names that its DNS server knows. */
  public List<DnsRecord> dnsRecords() {
    String admin = settings.text("admin_ip");
    return settings.items("dns_records").stream()
        .flatMap(line -> DnsRecord.parse(line.toString().replace("${admin_ip}", admin)).stream())
        .toList();
  }
}
