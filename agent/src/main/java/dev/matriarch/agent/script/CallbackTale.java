package dev.matriarch.agent.script;

import dev.matriarch.agent.script.Callback.Kind;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Initialization;
import dev.matriarch.engine.Lane;
import dev.matriarch.engine.MemberRole;
import dev.matriarch.engine.Role;
import dev.matriarch.engine.SelfPortrait;
import dev.matriarch.engine.Server;
import dev.matriarch.engine.Server.Condition;
import dev.matriarch.engine.View;
import dev.matriarch.engine.Wish;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Tells from one view after the other what a callback is to be told: a role that changes hides the
 * start that changed it, a stop is told when it was ordered, a restart is told once it is done
 * instead of its stop and start, a server that was found running is no news, and nothing is told
 * before the cluster is recorded. Not for several threads.
 */
public final class CallbackTale {
  private static final Set<MemberRole> PASSING =
      EnumSet.of(MemberRole.DEMOTED, MemberRole.PROMOTED, MemberRole.UNINITIALIZED);

  private Optional<MemberRole> told = Optional.empty();
  private boolean seen;
  private boolean adopted;
  private boolean running;
  private boolean stopping;
  private boolean restarting;

  /** What the newest view is news of. */
  public Optional<Callback> next(View view, Instant now) {
    Server server = view.server();
    if (server.condition() == Condition.UNKNOWN) {
      return Optional.empty();
    }
    if (!seen) {
      seen = true;
      adopted = server.hasProcesses();
    }
    boolean recorded =
        view.store().known()
            && view.state().initialization() instanceof Initialization.Done
            && !server.unrecorded();
    if (!recorded) {
      return Optional.empty();
    }
    restarting |= isBeingRestarted(view);
    stopping |= view.work().in(Lane.SERVER).filter(CallbackTale::stops).isPresent();
    return server.isRunning() ? whileRunning(view, now) : whileDown(view);
  }

  private static boolean stops(Effect effect) {
    return effect instanceof Effect.StopServer || effect instanceof Effect.StopForHandover;
  }

  private static boolean isBeingRestarted(View view) {
    return view.wishes().restart().flatMap(Wish.Restart::begunAt).isPresent();
  }

  private Optional<Callback> whileRunning(View view, Instant now) {
    MemberRole role = SelfPortrait.of(view, now).role();
    if (PASSING.contains(role)) {
      // A primary that is being adopted or fenced, a standby that is promoted: what it becomes is
      // the news.
      return Optional.empty();
    }
    boolean started = !running && !adopted;
    boolean changed = told.filter(before -> before != role).isPresent();
    adopted = false;
    Kind start = restarting ? Kind.ON_RESTART : Kind.ON_START;
    restarting &= running && isBeingRestarted(view);
    running = true;
    stopping &= view.work().in(Lane.SERVER).isPresent();
    told = Optional.of(role);
    if (changed) {
      return Optional.of(new Callback(Kind.ON_ROLE_CHANGE, role.wire()));
    }
    return started ? Optional.of(new Callback(start, role.wire())) : Optional.empty();
  }

  private Optional<Callback> whileDown(View view) {
    Server server = view.server();
    if (server.hasProcesses()) {
      return Optional.empty();
    }
    boolean ordered = running && stopping;
    running = false;
    if (ordered) {
      stopping = false;
      return restarting
          ? Optional.empty()
          : told.map(role -> new Callback(Kind.ON_STOP, role.wire()));
    }
    boolean failed =
        told.filter(MemberRole.PRIMARY::equals).isPresent()
            && server.role() == Role.PRIMARY
            && server.condition() == Condition.CRASHED
            && view.deadline().isEmpty();
    if (failed) {
      told = Optional.of(MemberRole.DEMOTED);
      return Optional.of(new Callback(Kind.ON_ROLE_CHANGE, MemberRole.DEMOTED.wire()));
    }
    return Optional.empty();
  }
}
