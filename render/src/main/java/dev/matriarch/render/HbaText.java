package dev.matriarch.render;

import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.HbaRule;
import dev.matriarch.inventory.Instance;
import dev.matriarch.inventory.InstanceRole;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Turns the words of access rules into lines of {@code pg_hba.conf} (P262-P268), for PostgreSQL and
 * in PgBouncer's dialect of it. Rules come in the order in which they are asked.
 */
final class HbaText {
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.,-]*");

  /** Whose file it is: the two differ in what they can check. */
  enum Dialect {
    POSTGRES,
    PGBOUNCER
  }

  /** One resolved origin: {@code local} has no block. */
  private record Origin(String type, String block) {}

  private final Site site;
  private final Dialect dialect;

  HbaText(Site site, Dialect dialect) {
    this.site = site;
    this.dialect = dialect;
  }

  /** The lines of all rules, a comment with the title before each rule. */
  List<String> lines(List<HbaRule> rules) {
    return rules.stream().flatMap(rule -> lines(rule).stream()).toList();
  }

  private List<String> lines(HbaRule rule) {
    var lines = new ArrayList<String>();
    lines.add("# " + oneLine(rule.title()));
    if (!appliesTo(site.instance(), rule.role())) {
      lines.add("# only on instances that are " + oneLine(rule.role()));
    } else if (!rule.lines().isEmpty()) {
      rule.lines().forEach(line -> lines.add(oneLine(line)));
    } else {
      origins(rule.address()).stream().flatMap(o -> line(rule, o)).forEach(lines::add);
    }
    return lines;
  }

  private Stream<String> line(HbaRule rule, Origin origin) {
    var socket = origin.type().equals("local");
    var method = method(rule.auth(), socket);
    var database = token(rule.database());
    var user = token(user(rule.user()));
    if (socket) {
      return Stream.of("local %s %s %s".formatted(database, user, method));
    }
    if (dialect == Dialect.PGBOUNCER && method.equals("ident")) {
      // It knows no ident over TCP: the socket's line is all there is.
      return Stream.empty();
    }
    var type = needsTls(rule) ? "hostssl" : "host";
    return Stream.of(String.join(" ", type, database, user, origin.block(), method));
  }

  private static boolean needsTls(HbaRule rule) {
    return switch (rule.auth()) {
      case "ssl", "ssl-md5", "ssl-sha", "cert" -> !rule.address().equals("localhost");
      default -> false;
    };
  }

  /** The alias's method (P268). A certificate cannot be asked for over a socket. */
  private String method(String alias, boolean socket) {
    return switch (alias) {
      case "deny", "reject" -> "reject";
      case "pwd", "ssl" -> site.settings().text("pg_pwd_enc");
      case "sha", "ssl-sha", "scram-sha-256" -> "scram-sha-256";
      case "md5", "ssl-md5" -> "md5";
      case "cert" -> socket ? "reject" : "cert";
      case "os", "ident", "peer" -> socket ? "peer" : "ident";
      case "trust" -> "trust";
      default ->
          throw new RenderException(
              "auth '%s': not known; use deny, pwd, ssl, cert, os, ident, peer, trust, md5 or scram-sha-256"
                  .formatted(alias));
    };
  }

  private String user(String word) {
    return word.replace("${dbsu}", site.superuser())
        .replace("${repl}", site.settings().text("pg_replication_username"))
        .replace("${monitor}", site.settings().text("pg_monitor_username"))
        .replace("${admin}", site.settings().text("pg_admin_username"));
  }

  private static boolean appliesTo(Instance instance, String role) {
    return switch (role) {
      case "default", "common" -> true;
      case "offline" -> instance.servesOffline();
      default -> instance.role() == InstanceRole.valueOf(role.toUpperCase(Locale.ROOT));
    };
  }

  private List<Origin> origins(String word) {
    return switch (word) {
      case "local" -> List.of(new Origin("local", ""));
      case "localhost" ->
          List.of(
              new Origin("local", ""),
              new Origin("host", "127.0.0.1/32"),
              new Origin("host", "::1/128"));
      case "admin" -> blocks(List.of(block(site.settings().text("admin_ip"))));
      case "infra" -> blocks(site.inventory().infra().stream().map(Address::asBlock).toList());
      case "cluster" -> blocks(members());
      case "intra", "intranet" -> blocks(intranet());
      case "world", "all" -> blocks(List.of("0.0.0.0/0", "::/0"));
      default -> blocks(List.of(block(word)));
    };
  }

  private static List<Origin> blocks(Iterable<String> blocks) {
    var origins = new ArrayList<Origin>();
    blocks.forEach(block -> origins.add(new Origin("host", block)));
    return origins;
  }

  private static String block(String text) {
    return Address.parse(text).map(Address::asBlock).orElse(text);
  }

  private List<String> members() {
    return site.members().stream()
        .map(Instance::address)
        .map(HbaText::memberBlock)
        .distinct()
        .toList();
  }

  /**
   * A connection between two addresses of the loopback interface comes from 127.0.0.1, so there a
   * member's own address is not enough.
   */
  private static String memberBlock(Address address) {
    var loopback = !address.isIpv6() && InetAddress.ofLiteral(address.text()).isLoopbackAddress();
    return loopback ? "127.0.0.0/8" : address.asBlock();
  }

  /** The intranet's blocks, and the members outside of them: without those nothing replicates. */
  private Set<String> intranet() {
    var declared = site.settings().texts("node_firewall_intranet");
    var blocks = new LinkedHashSet<>(declared);
    site.members().stream()
        .map(Instance::address)
        .filter(address -> declared.stream().noneMatch(block -> holds(block, address)))
        .map(HbaText::memberBlock)
        .forEach(blocks::add);
    return blocks;
  }

  private static boolean holds(String block, Address address) {
    var slash = block.indexOf('/');
    var base = InetAddress.ofLiteral(block.substring(0, slash)).getAddress();
    var other = InetAddress.ofLiteral(address.text()).getAddress();
    if (base.length != other.length) {
      return false;
    }
    var shift = base.length * 8 - Integer.parseInt(block.substring(slash + 1));
    var one = new BigInteger(1, base).shiftRight(shift);
    return one.equals(new BigInteger(1, other).shiftRight(shift));
  }

  /** A name as it can stand in a line: quoted unless plain; a leading plus keeps its meaning. */
  private static String token(String name) {
    var text = oneLine(name);
    if (text.startsWith("+")) {
      return "+" + token(text.substring(1));
    }
    return BARE.matcher(text).matches() ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String oneLine(String text) {
    if (text.chars().anyMatch(c -> c < ' ' && c != '\t')) {
      throw new RenderException(
          "'%s': a line of access rules cannot hold control characters".formatted(text.strip()));
    }
    return text;
  }
}
