package dev.matriarch.chronicle;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Member;
import dev.matriarch.engine.MoveRequest;
import dev.matriarch.engine.PeerReport;
import dev.matriarch.engine.Peers;
import dev.matriarch.engine.Pooler;
import dev.matriarch.engine.Routing;
import dev.matriarch.engine.Self;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.StatusRecord;
import dev.matriarch.engine.StoreSight;
import dev.matriarch.engine.SyncNames;
import dev.matriarch.engine.SyncState;
import dev.matriarch.engine.Synchrony;
import dev.matriarch.engine.Tags;
import dev.matriarch.engine.View;
import dev.matriarch.engine.Work;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The engine's records when nothing is known. A component that the writer of a recording did not
 * have yet is read as it is in these.
 */
final class Blanks {
  private static final Self NOBODY = Self.of("", "", "", Instant.EPOCH);

  private static final Map<Class<?>, Object> ALL =
      Stream.of(
              View.atStart(NOBODY, Settings.DEFAULT),
              NOBODY,
              Settings.DEFAULT,
              StoreSight.UNSEEN,
              ClusterState.EMPTY,
              Server.UNSEEN,
              Peers.UNASKED,
              Work.IDLE,
              Routing.NONE,
              Tags.NONE,
              Synchrony.OFF,
              SyncNames.NONE,
              SyncState.NONE,
              StatusRecord.NONE,
              Member.named(""),
              PeerReport.of(""),
              new MoveRequest(0, "", "", Optional.empty()),
              Pooler.ABSENT,
              new Effect.StopForHandover("", false),
              new Effect.AcquireLeader())
          .collect(Collectors.toUnmodifiableMap(Object::getClass, Function.identity()));

  private Blanks() {}

  static Optional<Object> of(Class<?> type) {
    return Optional.ofNullable(ALL.get(type));
  }
}
