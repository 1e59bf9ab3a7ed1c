package dev.matriarch.agent;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.SlotNames;
import dev.matriarch.engine.Source;
import dev.matriarch.postgres.Secret;
import dev.matriarch.postgres.Upstream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Turns member names into addresses and back, from the members' own keys.
 *
 * @param self this member's name, shown as {@code application_name} where it connects
 * @param replicator the role that standbys stream as
 * @param tls libpq keywords for connections to other members, such as {@code sslmode}
 * @param state the cluster as last seen
 * @param slotted members stream through slots ({@code use_slots})
 */
record Directory(
    String self,
    Login replicator,
    Map<String, String> tls,
    Supplier<ClusterState> state,
    BooleanSupplier slotted) {

  /** A role and its password. */
  record Login(String user, Secret password) {
    Login {
      requireNonNull(user, "user is null");
      requireNonNull(password, "password is null");
    }
  }

  Directory {
    requireNonNull(self, "self is null");
    requireNonNull(replicator, "replicator is null");
    tls = Map.copyOf(tls);
    requireNonNull(state, "state is null");
    requireNonNull(slotted, "slotted is null");
  }

  /** Where this member streams from when it follows {@code member}; empty when it is unknown. */
  Optional<Upstream> upstream(String member) {
    return state
        .get()
        .member(member)
        .map(Member::connUrl)
        .map(URI::create)
        .map(
            uri ->
                new Upstream(
                    uri.getHost(),
                    uri.getPort(),
                    replicator.user(),
                    Optional.of(replicator.password()),
                    self,
                    Optional.of(SlotNames.of(self)).filter(name -> slotted.getAsBoolean()),
                    tls));
  }

  /** Where the leader of a standby cluster streams from; empty when only an archive is followed. */
  Optional<Upstream> upstream(Source source) {
    return source.host().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Upstream(
                source.host(),
                source.port(),
                replicator.user(),
                Optional.of(replicator.password()),
                self,
                Optional.of(source.slot()).filter(slot -> !slot.isEmpty()),
                tls));
  }

  /** Which member listens there; empty text for nobody known. */
  String memberAt(String host, int port) {
    for (Member member : state.get().members().values()) {
      URI uri = URI.create(member.connUrl());
      if (uri.getPort() == port && host.equals(uri.getHost())) {
        return member.name();
      }
    }
    return "";
  }

  /** Of the cluster's data, as recorded in etcd; empty until it is. */
  String systemIdentifier() {
    return state.get().initialization() instanceof Initialization.Done cluster
        ? cluster.systemIdentifier()
        : "";
  }

  Optional<String> apiUrl(String member) {
    return state.get().member(member).map(Member::apiUrl);
  }
}
