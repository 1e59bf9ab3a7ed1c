package dev.matriarch.engine.sim;

import dev.matriarch.engine.Leadership;

/** Whether a cluster is as it should be when nothing is wrong. */
final class Convergence {
  private Convergence() {}

  /** What is lacking; empty when one leads and all others stream from it. */
  static String lacking(World world) {
    if (!(world.store().state().leadership() instanceof Leadership.Held held)) {
      return "nobody leads";
    }
    MemberModel leader = world.member(held.name());
    if (!leader.isUp() || !leader.server().isRunningPrimary()) {
      return leader.name() + " holds the key and is no running primary";
    }
    for (MemberModel member : world.members()) {
      boolean follows =
          member.isUp()
              && member.server().isRunningStandby()
              && member.server().replication().isStreaming()
              && member.server().replication().upstream().equals(leader.name())
              && member.server().position().branch() == leader.server().position().branch();
      if (member != leader && !follows) {
        return member.name() + " does not follow " + leader.name();
      }
    }
    return "";
  }

  /** Whether commits need not wait for a standby that is none. */
  static boolean canWrite(Setup setup) {
    boolean waits = setup.settings().synchrony().isOn() && setup.settings().synchrony().strict();
    long able = setup.tags().stream().filter(tags -> !tags.nosync()).count();
    return !waits || able > 1;
  }

  static String states(World world) {
    StringBuilder all = new StringBuilder();
    for (MemberModel member : world.members()) {
      all.append("\n  ")
          .append(member.name())
          .append(member.isUp() ? " " : " (agent down) ")
          .append(member.server().condition())
          .append(' ')
          .append(member.server().role())
          .append(" at ")
          .append(member.server().position())
          .append(", rule ")
          .append(member.rule().number())
          .append(' ')
          .append(member.rule())
          .append(": ")
          .append(member.reason());
    }
    return all.toString();
  }
}
