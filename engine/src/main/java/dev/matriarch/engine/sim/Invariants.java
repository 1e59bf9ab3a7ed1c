package dev.matriarch.engine.sim;

import dev.matriarch.engine.ClusterState;
import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Leadership;
import dev.matriarch.engine.Settings;
import dev.matriarch.engine.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must never happen. The first breach ends a run. */
final class Invariants {
  private final World world;
  private final Standing standing;
  private final FirstBack firstBack;
  private final Map<Branch, Long> safe = new HashMap<>();
  private final List<Branch> branches = new ArrayList<>();
  private Optional<Breach> breach = Optional.empty();
  private final Set<Branch> recorded = new HashSet<>();
  private final Set<String> ordered = new HashSet<>();
  private Branch lastWritten;
  private boolean twins;

  /** Zero loss was asked for, and the voters were recorded since. */
  private boolean promised;

  private int promotions;
  private boolean written;

  Invariants(World world) {
    this.world = world;
    this.standing = new Standing(world);
    this.firstBack = new FirstBack(world);
  }

  Optional<Breach> breach() {
    return breach;
  }

  int promotions() {
    return promotions;
  }

  void broken(String what, String how) {
    if (breach.isEmpty()) {
      breach = Optional.of(new Breach(what, how, world.elapsed()));
    }
  }

  /** An operator changes the configuration. */
  void configured(Settings settings) {
    promised &= promises(settings);
    if (!promised) {
      safe.clear();
    }
  }

  /** A standby cluster promises nothing: its data is another's. */
  private static boolean promises(Settings settings) {
    return settings.synchrony().isOn() && settings.source().isEmpty();
  }

  /** The voters are written. */
  void votersRecorded() {
    promised = promises(world.settings());
  }

  /** After every event: never two servers that acknowledge writes. */
  void check() {
    MemberModel first = null;
    for (MemberModel member : world.members()) {
      ServerModel server = member.server();
      boolean writes =
          server.isRunningPrimary()
              && member.lease().doorIsOpen()
              // A primary whose term was revoked takes writes and can acknowledge none.
              && server.replication().canAcknowledge();
      if (writes) {
        if (first != null) {
          broken("two writers", first.name() + " and " + member.name() + " both take writes");
        }
        first = member;
      }
    }
  }

  /** A client has been told that its write is committed. */
  void acknowledged(MemberModel by, Position position) {
    written = true;
    // In pause a primary goes on without a lease while the note stands that it does. While that
    // cannot be read, nobody is elected.
    ClusterState state = world.store().state();
    boolean noted =
        state.status().pausedLeader().equals(by.name()) || state.unreadable().contains("status");
    if (world.agenda().now() >= by.lease().provenUntil() && !noted) {
      broken(
          "writes after the lease",
          by.name() + " acknowledged a write though its lease could have passed on");
    }
    if (world.store().state().leadership() instanceof Leadership.Held held
        && !held.name().equals(by.name())
        && world.server(held.name()).isRunningPrimary()) {
      broken("two writers", by.name() + " acknowledged a write though " + held.name() + " leads");
    }
    if (position.branch() != lastWritten) {
      lastWritten = position.branch();
      mustHaveAll(by.server());
    }
    // Once voters are recorded, whatever is acknowledged must outlive the primary: it has waited
    // for
    // standbys, or nobody else can be elected.
    if (promised && world.store().state().sync().isRecorded()) {
      safe.merge(position.branch(), position.end(), Math::max);
    }
  }

  void acquires(MemberModel member) {
    if (!member.tags().mayLead() && member.server().isRunningStandby()) {
      broken("nofailover elected", member.name() + " runs for leader against its tags");
    }
    firstBack.check(member);
    TwoMembers.check(world, member);
    View view = member.view();
    Position own = member.server().position();
    long lag = view.state().status().position().value() - own.end();
    // What a standby cluster noted while it led itself is no measure once it follows.
    boolean noted =
        view.settings().source().isEmpty() || own.timeline() >= view.state().newestInForce();
    if (noted
        && !view.settings().synchrony().isOn()
        && member.server().isRunningStandby()
        && lag > view.settings().maximumLagOnFailover()) {
      broken("laggard elected", member.name() + " lacks " + lag + " bytes and runs for leader");
    }
  }

  /** A standby has taken the vacant key though another should have. */
  void passesOver(MemberModel member, MemberModel better) {
    broken(
        "better peer passed over",
        member.name()
            + " at "
            + member.server().position()
            + " takes the key before "
            + better.name()
            + " at "
            + better.server().position());
  }

  /** An agent that was asked to end leaves nobody waiting whom it could have let go on. */
  void partsFrom(MemberModel member, int code) {
    boolean tried = member.view().work().failures(Effect.Pool.class) > 0;
    if (code == 0 && member.pooler().isHeld() && !tried) {
      broken("left waiting", member.name() + " ends while clients of its pooler wait");
    }
  }

  Standing standing() {
    return standing;
  }

  FirstBack firstBack() {
    return firstBack;
  }

  void promotes(MemberModel member) {
    // Who was elected before an operator changed its tags goes on, as a primary would.
    if (!member.tags().mayLead() && !member.wasRetagged()) {
      broken("nofailover promoted", member.name() + " is promoted against its tags");
    }
    if (member.view().settings().source().isPresent()) {
      broken("standby cluster promoted", member.name() + " is promoted and is to follow another");
    }
    if (!member.view().leads(member.instant())) {
      broken("promoted without lease", member.name() + " is promoted and does not lead");
    }
    if (world.store().lastLeader().equals(member.name())) {
      ordered.add(member.name());
    } else {
      ordered.remove(member.name());
    }
  }

  void bootstraps(MemberModel member) {
    if (written) {
      broken("bootstrapped again", member.name() + " makes a new cluster though one took writes");
    }
  }

  /** A promotion has completed: here is a new timeline. */
  void promoted(ServerModel server) {
    promotions++;
    Branch mine = server.position().branch();
    int remembered = world.store().state().newestTimeline();
    // Ordered while nobody else had led, it hung until another did: no rule can take it back. What
    // it made is copied anew, and judged should anything of it be acknowledged or followed.
    boolean late = ordered.contains(server.name()) && isDeposed(server);
    for (Branch other : branches) {
      if (other.timeline() == mine.timeline() && remembered >= mine.timeline() && !late) {
        broken(
            "same timeline twice",
            server.name()
                + " began timeline "
                + mine.timeline()
                + ", which "
                + other.maker()
                + " had begun before");
      }
    }
    branches.add(mine);
    leads(server);
  }

  /** A server takes writes from here on. */
  void leads(ServerModel server) {
    // One that was deposed, and does not know yet, is judged should it acknowledge anything; so is
    // one that comes up with what it made itself when another's data was recorded.
    if (!isDeposed(server) && server.isRecorded()) {
      mustHaveAll(server);
    }
  }

  private boolean isDeposed(ServerModel server) {
    return !world.store().lastLeader().equals(server.name());
  }

  private void mustHaveAll(ServerModel server) {
    safe.forEach(
        (branch, end) -> {
          Position must = new Position(branch, end);
          if (!server.position().contains(must)) {
            broken(
                "acknowledged write lost",
                server.name() + " leads at " + server.position() + " without " + must);
          }
        });
  }

  /** The history in etcd tells of a timeline. */
  void recorded(Branch branch) {
    recorded.add(branch);
  }

  /**
   * Two timelines of one number met, of which the first had never been recorded: its maker's agent
   * died between promoting and recording, and the standby's own was dead too; or its maker was cut
   * off from etcd, and the server outside went on from there. PostgreSQL chooses the numbers, so
   * the rules cannot keep this from happening; a run ends here without a verdict.
   */
  boolean twinsMet() {
    return twins;
  }

  void twinsMeet() {
    twins = true;
  }

  /** WAL arrives at a standby. */
  void streamed(ServerModel standby, ServerModel from, Position sent) {
    if (!sent.contains(standby.position())) {
      Branch own = standby.position().branch();
      boolean elsewhere = from == world.outside().server();
      boolean unrecorded = !own.isFirst() && !recorded.contains(own);
      boolean fromUnrecorded =
          sent.timeline() == own.timeline() && !recorded.contains(sent.branch());
      boolean throughLeader = sent.branch().maker().equals(Outside.NAME) && hasNamesake(sent, own);
      if (elsewhere || unrecorded || fromUnrecorded || throughLeader) {
        twins = true;
        return;
      }
      broken(
          "diverged timeline followed",
          standby.name()
              + " at "
              + standby.position()
              + " of "
              + standby.position().branch().maker()
              + " streams from "
              + from.name()
              + " at "
              + sent);
    }
  }

  /** A timeline of the same number led there, of which the history in etcd never told. */
  private boolean hasNamesake(Position there, Branch own) {
    return there
        .onTimeline(own.timeline())
        .filter(other -> other != own && !recorded.contains(other))
        .isPresent();
  }
}
