package dev.matriarch.engine;

import java.util.Comparator;

/** Names of members in the order of the numbers they end with: pg-test-2 before pg-test-10. */
final class MemberNames {
  static final Comparator<String> IN_ORDER =
      Comparator.comparing(MemberNames::stem)
          .thenComparing(MemberNames::number, Comparator.comparingInt(String::length))
          .thenComparing(MemberNames::number)
          .thenComparing(Comparator.naturalOrder());

  private MemberNames() {}

  private static String stem(String name) {
    return name.substring(0, digitsFrom(name));
  }

  /** Of two numbers without leading zeros the longer one is the larger. */
  private static String number(String name) {
    int first = digitsFrom(name);
    while (first < name.length() && name.charAt(first) == '0') {
      first++;
    }
    return name.substring(first);
  }

  private static int digitsFrom(String name) {
    int first = name.length();
    while (first > 0 && name.charAt(first - 1) >= '0' && name.charAt(first - 1) <= '9') {
      first--;
    }
    return first;
  }
}
