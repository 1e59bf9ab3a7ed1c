package dev.matriarch.fleet;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Lsn;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.MemberState;
import dev.matriarch.etcd.ClusterSnapshot;
import dev.matriarch.etcd.CorruptKey;
import dev.matriarch.fleet.MemberOverview.Lag;
import dev.matriarch.inventory.Cluster;
import dev.matriarch.inventory.Instance;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes a {@link ClusterOverview} of what etcd says and what is declared. */
final class OverviewReader {

  private static final int POSTGRES_PORT = 5432;

  private final Cluster declared;
  private final ClusterState state;
  private final ClusterSnapshot snapshot;
  private final DynamicConfig config;
  private final String leader;

  private OverviewReader(Cluster declared, ClusterSnapshot snapshot) {
    this.declared = declared;
    this.snapshot = snapshot;
    this.state = snapshot.state();
    this.config = DynamicConfig.of(state.config());
    this.leader =
        switch (state.leadership()) {
          case Leadership.Vacant _, Leadership.Unowned _ -> "";
          case Leadership.Held held -> held.name();
        };
  }

  static ClusterOverview read(Cluster declared, ClusterSnapshot snapshot) {
    return new OverviewReader(declared, snapshot).read();
  }

  private ClusterOverview read() {
    boolean withPort = needsPort();
    List<MemberOverview> members =
        state.members().values().stream().map(member -> overview(member, withPort)).toList();
    String identifier =
        state.initialization() instanceof Initialization.Done done ? done.systemIdentifier() : "";
    return new ClusterOverview(
        declared.name(),
        identifier,
        members,
        leader,
        config.paused(),
        state.request(),
        problems(members));
  }

  private MemberOverview overview(Member member, boolean withPort) {
    URI address = address(member);
    String host = address.getHost() == null ? "" : address.getHost();
    MemberLabel label = label(member);
    String detail = member.replicationState();
    return new MemberOverview(
        member.name(),
        withPort && address.getPort() > 0 ? host + ":" + address.getPort() : host,
        member.apiUrl(),
        label,
        member.state() == MemberState.RUNNING && !detail.isEmpty() ? detail : member.state().wire(),
        member.timeline(),
        label.leads() ? new Lag.None() : lag(member),
        label.leads() ? "" : member.tags().replicatefrom(),
        member.pendingRestart());
  }

  /** As the field's tools: the port shows where addresses repeat or a port is not the usual one. */
  private boolean needsPort() {
    List<URI> all = state.members().values().stream().map(OverviewReader::address).toList();
    long hosts = all.stream().map(uri -> String.valueOf(uri.getHost())).distinct().count();
    return hosts < all.size() || all.stream().anyMatch(uri -> uri.getPort() != POSTGRES_PORT);
  }

  private static URI address(Member member) {
    try {
      return URI.create(member.connUrl());
    } catch (IllegalArgumentException e) {
      return URI.create("");
    }
  }

  private MemberLabel label(Member member) {
    if (member.name().equals(leader)) {
      return member.role() == MemberRole.STANDBY_LEADER
          ? MemberLabel.STANDBY_LEADER
          : MemberLabel.LEADER;
    }
    boolean voter =
        state.sync().leader().equals(leader) && state.sync().voters().contains(member.name());
    if (!voter) {
      return MemberLabel.REPLICA;
    }
    return config.quorum() ? MemberLabel.QUORUM_STANDBY : MemberLabel.SYNC_STANDBY;
  }

  private Lag lag(Member member) {
    Lsn ahead =
        state.leader().map(Member::position).orElse(Lsn.ZERO).orLater(state.status().position());
    Lsn has =
        member.receivedPosition().orLater(member.replayedPosition()).orLater(member.position());
    return ahead.isKnown() && has.isKnown()
        ? new Lag.Behind(has.bytesBehind(ahead))
        : new Lag.Unknown();
  }

  private List<String> problems(List<MemberOverview> members) {
    List<String> problems = new ArrayList<>();
    snapshot.corrupt().stream().map(CorruptKey::message).forEach(problems::add);
    if (state.initialization() instanceof Initialization.Absent && members.isEmpty()) {
      problems.add(
          declared.name() + " is not in etcd: it was never started, or under another name");
      return problems;
    }
    if (leader.isEmpty()) {
      problems.add(declared.name() + " has no leader: nobody accepts writes");
    } else if (state.member(leader).isEmpty()) {
      problems.add(leader + " holds the leader key but does not tell its state");
    }
    String absent =
        declared.instances().stream()
            .map(Instance::name)
            .filter(name -> !snapshot.memberJson().containsKey(name))
            .collect(Collectors.joining(", "));
    if (!absent.isEmpty()) {
      problems.add(
          absent + ": declared, but not in etcd; its agent does not run or cannot reach etcd");
    }
    int newest = state.leader().map(Member::timeline).orElse(0);
    members.forEach(member -> problem(member, newest).ifPresent(problems::add));
    return problems;
  }

  private static Optional<String> problem(MemberOverview member, int newest) {
    if (member.label() == MemberLabel.STANDBY_LEADER
        && member.state().equals(MemberState.RUNNING.wire())) {
      return Optional.of(
          member.name() + " leads a standby cluster and receives no WAL from outside");
    }
    if (!member.isWell()) {
      return Optional.of(
          member.name() + " is " + (member.state().isEmpty() ? "?" : member.state()));
    }
    if (newest > 0 && member.timeline() > 0 && member.timeline() != newest) {
      return Optional.of(
          "%s is on timeline %d, the leader on %d"
              .formatted(member.name(), member.timeline(), newest));
    }
    return Optional.empty();
  }
}
