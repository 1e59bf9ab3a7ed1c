package dev.matriarch.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.matriarch.chronicle.Player;
import dev.matriarch.chronicle.Recording;
import dev.matriarch.chronicle.Unreadable;
import dev.matriarch.engine.Member;
import dev.matriarch.etcd.EtcdException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the members of a cluster recorded, asked from all of them at once. It works without etcd:
 * then the declared addresses are asked.
 *
 * @param told by those that answered
 * @param silent why each other one did not
 */
public record Recordings(List<Recording> told, SortedMap<String, String> silent) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** A member that has more to tell than so many answers is told so far. */
  private static final int MOST_ANSWERS = 16;

  public Recordings {
    told = List.copyOf(told);
    silent = new TreeMap<>(requireNonNull(silent, "silent is null"));
  }

  /** Asks the members; bounded, whatever they do. */
  public static Recordings of(RunningCluster cluster, Instant since, Instant until)
      throws InterruptedException {
    List<Recording> told = new ArrayList<>();
    SortedMap<String, String> silent = new TreeMap<>();
    SortedMap<String, Future<List<Recording>>> asked = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      addresses(cluster)
          .forEach(
              (name, url) ->
                  asked.put(name, threads.submit(() -> ask(cluster.agents(), url, since, until))));
      for (String name : asked.keySet()) {
        try {
          told.addAll(asked.get(name).get());
        } catch (ExecutionException e) {
          silent.put(name, String.valueOf(e.getCause().getMessage()));
        }
      }
    }
    return new Recordings(told, silent);
  }

  private static SortedMap<String, String> addresses(RunningCluster cluster)
      throws InterruptedException {
    SortedMap<String, String> urls = new TreeMap<>(AgentApi.urls(cluster.declared()));
    try {
      for (Member member : cluster.store().snapshot().state().members().values()) {
        urls.put(member.name(), member.apiUrl());
      }
    } catch (EtcdException e) {
      return urls;
    }
    return urls;
  }

  private static List<Recording> ask(AgentApi agents, String url, Instant since, Instant until)
      throws IOException, InterruptedException {
    List<Recording> told = new ArrayList<>();
    Optional<Instant> from = Optional.of(since);
    for (int i = 0; i < MOST_ANSWERS && from.isPresent(); i++) {
      String path = "/recording?since=" + from.get() + "&until=" + until;
      String body = body(agents.get(url, path, PATIENCE));
      if (body.isEmpty()) {
        break;
      }
      try {
        told.add(Player.read("recording", new ByteArrayInputStream(body.getBytes(UTF_8))));
      } catch (Unreadable e) {
        throw new IOException("it does not tell: " + e.getMessage(), e);
      }
      from = told.getLast().more();
    }
    return told;
  }

  private static String body(AgentAnswer answer) throws IOException {
    return switch (answer) {
      case AgentAnswer.Answered it when it.isOk() -> it.body();
      case AgentAnswer.Answered it -> throw new IOException(it.status() + ": " + it.body());
      case AgentAnswer.NotThere it -> throw new IOException(it.why());
      case AgentAnswer.NoAnswer it -> throw new IOException(it.why());
    };
  }
}
