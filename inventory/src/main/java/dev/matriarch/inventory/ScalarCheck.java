package dev.matriarch.inventory;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The check of a single value.
 *
 * @param wanted what to give, for messages
 * @param rule from the text to the value or to what is wrong
 */
record ScalarCheck(String wanted, Function<String, Outcome> rule) {
  private static final Pattern RANGE = Pattern.compile("(.*?) ?(-?[0-9.]+)\\.\\.([0-9.]+)");
  private static final List<String> HBA_ADDRESSES =
      List.of(
          "local", "localhost", "admin", "infra", "cluster", "intra", "intranet", "world", "all");
  private static final List<String> HBA_METHODS =
      List.of(
          "deny",
          "reject",
          "pwd",
          "ssl",
          "ssl-md5",
          "ssl-sha",
          "sha",
          "md5",
          "cert",
          "os",
          "ident",
          "peer",
          "trust",
          "scram-sha-256");

  /** What came of a check. */
  sealed interface Outcome {}

  /** The value is as it should be. */
  record Good(Value value) implements Outcome {}

  /** The value breaks the rule. */
  record Bad(String rule, String wayOut) implements Outcome {}

  Outcome check(String text) {
    return rule.apply(text);
  }

  static ScalarCheck of(String words) {
    if (words.startsWith("one of ")) {
      return choice(List.of(words.substring("one of ".length()).split(" ")));
    }
    Matcher range = RANGE.matcher(words);
    if (range.matches()) {
      return ranged(range.group(1), range.group(2), range.group(3));
    }
    return switch (words) {
      case "text", "secret" -> new ScalarCheck("a text", ScalarCheck::text);
      case "flag" -> new ScalarCheck("true or false", ScalarCheck::flag);
      case "port" -> whole("a port", 1, 65535);
      case "path" -> pattern("an absolute path", "/[^\\p{Cntrl}]*", "start with /");
      case "size" -> pattern("a size", "[0-9]{1,15}([kKMGT]?i?B?)", "write 64MiB or 16GiB");
      case "duration" ->
          pattern("a duration", "[0-9]{1,9}(\\.[0-9]+)? ?(us|ms|s|min|m|h|d)?", "write 30s or 24h");
      case "user name" ->
          pattern(
              "a name of a user",
              "[a-z_][a-z0-9_@.-]{0,62}",
              "use lower case letters, digits and _ @ . -, 63 at most");
      case "node name" ->
          pattern(
              "a host name",
              "[a-zA-Z0-9]([a-zA-Z0-9.-]{0,62}[a-zA-Z0-9])?",
              "use letters, digits, - and dots");
      case "interface name" ->
          pattern(
              "a network interface",
              "(?!\\.{1,2}$)[^/:,\\s\\p{Cntrl}]{1,15}",
              "write auto, or a name such as eth0");
      case "dns suffix" ->
          pattern(
              "what can end a name in DNS",
              "\\.?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*)?",
              "write it as db.example, in lower case");
      case "dns target" -> new ScalarCheck("a target", ScalarCheck::dnsTarget);
      case "dns record" -> new ScalarCheck("a line of a hosts file", ScalarCheck::dnsRecord);
      case "service name" ->
          pattern("a name of a service", "[a-z][a-z0-9_-]{0,39}", "use lower case letters");
      case "address" -> new ScalarCheck("an address", ScalarCheck::address);
      case "block" -> new ScalarCheck("an address with its prefix", ScalarCheck::block);
      case "bind address" -> new ScalarCheck("an address to listen at", ScalarCheck::bind);
      case "check path" -> new ScalarCheck("a path of the agents", CheckPath::check);
      case "hba address" -> new ScalarCheck("an address", ScalarCheck::hbaAddress);
      case "hba auth" -> choice(HBA_METHODS);
      case "selector" -> new ScalarCheck("a selector", ScalarCheck::selector);
      case "destination" -> new ScalarCheck("a destination", ScalarCheck::destination);
      case "seconds or plan" -> new ScalarCheck("seconds or a plan", ScalarCheck::rto);
      default -> throw new IllegalStateException("no type: " + words);
    };
  }

  private static ScalarCheck ranged(String kind, String least, String most) {
    return switch (kind) {
      case "whole" -> whole("a whole number", Long.parseLong(least), Long.parseLong(most));
      case "auto or whole" -> {
        ScalarCheck number = whole("auto or a number", Long.parseLong(least), Long.parseLong(most));
        yield new ScalarCheck(
            number.wanted(), t -> t.equals("auto") ? new Good(new Value.Text(t)) : number.check(t));
      }
      case "fraction" -> fraction(Double.parseDouble(least), Double.parseDouble(most));
      case "text" ->
          pattern(
              "a text of " + least + " to " + most + " characters",
              "[^\\p{Cntrl}]{" + least + "," + most + "}",
              "shorten or fill it");
      default -> throw new IllegalStateException("no type: " + kind);
    };
  }

  private static ScalarCheck whole(String wanted, long least, long most) {
    String limits =
        most >= Integer.MAX_VALUE ? least + " or greater" : "from " + least + " to " + most;
    return new ScalarCheck(
        wanted + " " + limits,
        text -> {
          if (!ParameterType.WHOLE.matcher(text).matches()) {
            return new Bad("is not a whole number", "give " + wanted + " " + limits);
          }
          long number = Long.parseLong(text);
          return number < least || number > most
              ? new Bad("is out of range", "give " + wanted + " " + limits)
              : new Good(new Value.Whole(number));
        });
  }

  private static ScalarCheck fraction(double least, double most) {
    String wanted = "a number from " + least + " to " + most;
    return new ScalarCheck(
        wanted,
        text -> {
          if (!text.matches("[0-9]{0,9}(\\.[0-9]{1,15})?") || text.isEmpty()) {
            return new Bad("is not a number", "give " + wanted);
          }
          double number = Double.parseDouble(text);
          return number < least || number > most
              ? new Bad("is out of range", "give " + wanted)
              : new Good(new Value.Decimal(number));
        });
  }

  private static ScalarCheck choice(List<String> choices) {
    return new ScalarCheck(
        String.join(", ", choices),
        text ->
            choices.contains(text)
                ? new Good(new Value.Text(text))
                : new Bad(
                    "is none of " + String.join(", ", choices),
                    NearestName.of(text.toLowerCase(Locale.ROOT), choices)
                        .map(nearest -> "did you mean " + nearest + "?")
                        .orElse("choose one of them")));
  }

  private static ScalarCheck pattern(String wanted, String regex, String wayOut) {
    Pattern pattern = Pattern.compile(regex);
    return new ScalarCheck(
        wanted,
        text ->
            pattern.matcher(text).matches()
                ? new Good(new Value.Text(text))
                : new Bad("is not " + wanted, wayOut));
  }

  private static Outcome text(String text) {
    return text.chars().anyMatch(c -> c == 0 || c == '\n' || c == '\r')
        ? new Bad("holds a line break", "write it on one line")
        : new Good(new Value.Text(text));
  }

  private static Outcome flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> new Good(new Value.Flag(true));
      case "false", "no", "off" -> new Good(new Value.Flag(false));
      default -> new Bad("is neither true nor false", "give true or false");
    };
  }

  private static Outcome address(String text) {
    return Address.parse(text)
        .<Outcome>map(address -> new Good(new Value.Text(address.text())))
        .orElse(new Bad("is no IPv4 or IPv6 address", "give an address such as 10.10.10.11"));
  }

  private static Outcome block(String text) {
    return AddressBlock.parse(text).isPresent()
        ? new Good(new Value.Text(text))
        : new Bad("is no address with a prefix length", "write it as 10.0.0.0/8");
  }

  private static Outcome dnsTarget(String text) {
    List<String> words = List.of("auto", "primary", "vip", "none");
    if (words.contains(text)) {
      return new Good(new Value.Text(text));
    }
    return address(text) instanceof Good good
        ? good
        : new Bad(
            "is none of " + String.join(", ", words) + " and no address",
            NearestName.of(text, words)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("choose one of them, or give an address"));
  }

  private static Outcome dnsRecord(String text) {
    return DnsRecord.parse(text.replace("${admin_ip}", "127.0.0.1")).isPresent()
        ? new Good(new Value.Text(text))
        : new Bad("is no line of a hosts file", "write it as '10.10.10.10 www.example'");
  }

  private static Outcome bind(String text) {
    return List.of("*", "${ip}", "${lo}").contains(text) || Address.parse(text).isPresent()
        ? new Good(new Value.Text(text))
        : new Bad("is no address to listen at", "give *, ${ip}, ${lo} or an address");
  }

  private static Outcome hbaAddress(String text) {
    boolean known =
        HBA_ADDRESSES.contains(text)
            || Address.parse(text).isPresent()
            || AddressBlock.parse(text).isPresent();
    return known
        ? new Good(new Value.Text(text))
        : new Bad(
            "is no address, block or one of " + String.join(", ", HBA_ADDRESSES),
            NearestName.of(text, HBA_ADDRESSES)
                .map(nearest -> "did you mean " + nearest + "?")
                .orElse("write 10.10.10.11, 10.0.0.0/8 or intra"));
  }

  private static Outcome selector(String text) {
    return Selector.fault(text)
        .<Outcome>map(
            fault ->
                new Bad(
                    "is no selector: " + fault,
                    "write [] for all, or [? pg_role == 'offline' || pg_offline_query ]"))
        .orElse(new Good(new Value.Text(text)));
  }

  private static Outcome destination(String text) {
    if (Arrays.asList("default", "pgbouncer", "postgres").contains(text)) {
      return new Good(new Value.Text(text));
    }
    return switch (whole("a port", 1, 65535).check(text)) {
      case Good good -> good;
      case Bad _ -> new Bad("is no destination", "give default, pgbouncer, postgres or a port");
    };
  }

  private static Outcome rto(String text) {
    if (text.matches("[-+]?[0-9.]+")) {
      return switch (whole("seconds", 3, 86_400).check(text)) {
        case Good good -> good;
        case Bad(String rule, String _) ->
            new Bad(rule, "give 3 to 86400 whole seconds; 3 is the shortest outage it can promise");
      };
    }
    return pattern("seconds or a plan's name", "[a-z][a-z0-9_-]*", "give seconds or norm")
        .check(text);
  }
}
