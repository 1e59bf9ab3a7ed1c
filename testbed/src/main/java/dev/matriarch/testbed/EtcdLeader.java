package dev.matriarch.testbed;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which host's etcd leads the others, and how it is made to be another. */
public final class EtcdLeader {
  private static final Duration MOVED = Duration.ofSeconds(20);
  private static final Pattern MEMBER = Pattern.compile("\"member_id\":(\\d+)");
  private static final Pattern LEADER = Pattern.compile("\"leader\":(\\d+)");

  private EtcdLeader() {}

  /** The host whose etcd leads; empty while none does. */
  public static Optional<Host> of(Cluster cluster) {
    return cluster.hosts().stream()
        .filter(
            host -> {
              Optional<String> leader = number(LEADER, host);
              return leader.isPresent() && leader.equals(number(MEMBER, host));
            })
        .findFirst();
  }

  /** Makes the etcd of this host lead. */
  public static void moveTo(Cluster cluster, Host host) {
    String target = number(MEMBER, host).orElseThrow(() -> silent(host));
    Await.until(
        "etcd of " + host + " to lead",
        MOVED,
        () -> {
          Optional<Host> leader = of(cluster);
          leader
              .filter(now -> now != host)
              .ifPresent(now -> move(now, Long.toHexString(Long.parseUnsignedLong(target))));
          return leader.filter(now -> now == host).isPresent();
        },
        cluster::situation);
  }

  private static void move(Host leader, String target) {
    leader.run("etcdctl", "--endpoints", endpoint(leader), "move-leader", target);
  }

  private static Optional<String> number(Pattern what, Host host) {
    Shell.Result result =
        host.run(
            Launch.of("etcdctl", "--endpoints", endpoint(host), "endpoint", "status", "-w", "json"),
            Duration.ofSeconds(5));
    Matcher found = what.matcher(result.output());
    return result.exitCode() == 0 && found.find() ? Optional.of(found.group(1)) : Optional.empty();
  }

  private static String endpoint(Host host) {
    return "http://" + host.address() + ":2379";
  }

  private static TestbedException silent(Host host) {
    return new TestbedException("etcd of " + host + " does not tell its status");
  }
}
