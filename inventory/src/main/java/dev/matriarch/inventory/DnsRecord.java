package dev.matriarch.inventory;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One line of {@code dns_records}: an address and what it is called, as in a hosts file. */
public record DnsRecord(Address address, List<String> names) {
  private static final String NAME = "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?";

  public DnsRecord {
    requireNonNull(address, "address is null");
    names = List.copyOf(names);
  }

  /** What the line says, or nothing when it is none; {@code ${admin_ip}} must be filled in. */
  public static Optional<DnsRecord> parse(String line) {
    List<String> words = Arrays.asList(line.strip().split("\\s+"));
    List<String> names = words.subList(1, words.size());
    return names.isEmpty() || !names.stream().allMatch(name -> name.matches(NAME))
        ? Optional.empty()
        : Address.parse(words.getFirst()).map(address -> new DnsRecord(address, names));
  }
}
