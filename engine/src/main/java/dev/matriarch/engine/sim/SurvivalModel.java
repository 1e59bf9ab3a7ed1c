package dev.matriarch.engine.sim;

import dev.matriarch.engine.Effect;
import dev.matriarch.engine.Effect.AnswerFailsafe.Reply;
import dev.matriarch.engine.Event;
import dev.matriarch.engine.FailsafeCall;
import dev.matriarch.engine.LeaseTerms;
import dev.matriarch.engine.Outcome;
import dev.matriarch.engine.Promise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A leader's rounds of questions without etcd, and the promises that members write down before they
 * give them.
 */
final class SurvivalModel {
  private static final long TIMEOUT = Agenda.millis(1500);
  private static final long DISK = 3_000;

  private final World world;
  private final MemberModel member;
  private final Map<Long, Consumer<Reply>> open = new HashMap<>();
  private long calls;

  /** On disk: it outlives the agent and the host. */
  private Promise promise = Promise.NONE;

  SurvivalModel(World world, MemberModel member) {
    this.world = world;
    this.member = member;
  }

  Promise promise() {
    return promise;
  }

  // ---- the leader's side

  /** One round; what it is known to have brought about when the last member accepts. */
  private final class Round {
    private final long sentAt = world.agenda().now();
    private final LeaseTerms by = member.view().settings().lease();
    private final Effect.AskFailsafe ask;
    private final Consumer<Outcome> then;
    private final List<String> refusals = new ArrayList<>();
    private int promised;
    private int missing;
    private boolean silent;

    Round(Effect.AskFailsafe ask, Consumer<Outcome> then) {
      this.ask = ask;
      this.then = then;
      this.missing = ask.members().size();
    }

    /** At the member, before its answer is on its way. */
    void accepted() {
      promised++;
      if (promised == ask.members().size()) {
        member.lease().proven(sentAt, by);
      }
    }

    void answered(String name, Reply reply) {
      if (reply != Reply.ACCEPTED) {
        refusals.add(name + " refuses: " + reply);
      }
      over();
    }

    void gone(String name) {
      refusals.add(name + " has no agent");
      over();
    }

    void silent() {
      silent = true;
      over();
    }

    private void over() {
      missing--;
      if (missing == 0) {
        end();
      }
    }

    void end() {
      boolean all = !silent && refusals.isEmpty();
      if (all) {
        member.lease().spared(sentAt, by);
      }
      member.deliver(
          new Event.FailsafeRound(
              member.clock().at(sentAt),
              by.deadline(member.clock().at(sentAt)),
              all,
              refusals.isEmpty() ? "" : refusals.getFirst()));
      then.accept(all ? new Outcome.Done() : new Outcome.Failed("not all accept"));
    }
  }

  void ask(Effect.AskFailsafe ask, Consumer<Outcome> then) {
    Round round = new Round(ask, then);
    if (ask.members().isEmpty()) {
      member.lease().proven(round.sentAt, round.by);
      round.end();
      return;
    }
    for (String name : ask.members().keySet()) {
      send(round, name, ask);
    }
  }

  private void send(Round round, String name, Effect.AskFailsafe ask) {
    MemberModel peer = world.member(name);
    if (member.asksTwice()) {
      echo(peer, ask);
    }
    boolean[] answered = {false};
    member.later(
        TIMEOUT,
        () -> {
          if (!answered[0]) {
            answered[0] = true;
            round.silent();
          }
        });
    arrives(
        member,
        peer,
        () -> {
          if (!peer.isUp()) {
            back(peer, answered, () -> round.gone(name));
          } else {
            peer.survival()
                .asked(
                    member.name(),
                    ask,
                    reply -> {
                      if (reply == Reply.ACCEPTED) {
                        round.accepted();
                      }
                      back(peer, answered, () -> round.answered(name, reply));
                    });
          }
        });
  }

  /** The same question once more, to which nobody awaits the answer. */
  private void echo(MemberModel peer, Effect.AskFailsafe ask) {
    world
        .agenda()
        .in(
            world.upTo(World.LONGEST_ECHO),
            () -> {
              if (peer.isUp() && world.network().reaches(member.index(), peer.index())) {
                peer.survival().asked(member.name(), ask, reply -> {});
              }
            });
  }

  private void back(MemberModel peer, boolean[] answered, Runnable action) {
    if (world.network().reaches(peer.index(), member.index()) && !world.isLost()) {
      member.later(
          world.latency(),
          () -> {
            if (!answered[0]) {
              answered[0] = true;
              action.run();
            }
          });
    }
  }

  private void arrives(MemberModel from, MemberModel to, Runnable action) {
    if (world.network().reaches(from.index(), to.index()) && !world.isLost()) {
      world
          .agenda()
          .in(
              world.latency(),
              () -> {
                if (world.network().reaches(from.index(), to.index())) {
                  action.run();
                }
              });
    }
  }

  // ---- the member's side

  private void asked(String leader, Effect.AskFailsafe ask, Consumer<Reply> answer) {
    long number = ++calls;
    open.put(number, answer);
    member.deliver(
        new Event.FailsafeAsked(
            new FailsafeCall(number, leader, ask.lease(), Collections.emptySortedMap())));
  }

  void answer(Effect.AnswerFailsafe given, Consumer<Outcome> then) {
    member.later(
        world.slowed(DISK),
        () -> {
          Consumer<Reply> answer = open.remove(given.call().number());
          if (given.reply() == Reply.ACCEPTED) {
            promise = member.view().failsafe().promise();
          }
          if (answer != null) {
            answer.accept(given.reply());
          }
          then.accept(new Outcome.Done());
        });
  }
}
