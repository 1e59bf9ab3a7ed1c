package dev.matriarch.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lines of a stream, taken one by one with a limit to the wait; more is asked for when all are
 * taken. The JDK's own splitting copies a line again for each piece of it: seconds for a megabyte.
 */
final class LineQueue implements HttpResponse.BodySubscriber<Void> {

  /** What stands in the queue. */
  sealed interface Item {
    /** A line. */
    record Line(String text) implements Item {}

    /** The server ended the stream. */
    record End() implements Item {}

    /** The stream broke. */
    record Broken(Throwable cause) implements Item {}

    /** Nothing came in time. */
    record Silence() implements Item {}

    /** The endpoint failed somebody else's call. */
    record Condemned(EtcdFailure why) implements Item {}
  }

  private final BlockingQueue<Item> items = new LinkedBlockingQueue<>();
  private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
  private final AtomicBoolean asked = new AtomicBoolean();

  /** What came of a line that has no end yet; touched by the stream's calls alone. */
  private ByteArrayOutputStream begun = new ByteArrayOutputStream();

  Item next(Duration wait) throws InterruptedException {
    Item item = items.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (item instanceof Item.Line) {
      askIfEmpty();
    }
    return item == null ? new Item.Silence() : item;
  }

  private void askIfEmpty() {
    Flow.Subscription open = subscription.get();
    if (open != null && items.isEmpty() && asked.compareAndSet(false, true)) {
      open.request(1);
    }
  }

  void condemn(EtcdFailure why) {
    items.add(new Item.Condemned(why));
  }

  void broken(Throwable cause) {
    items.add(new Item.Broken(cause));
  }

  void cancel() {
    Flow.Subscription open = subscription.get();
    if (open != null) {
      open.cancel();
    }
  }

  /** Nothing is made of it: the response is there at once. */
  @Override
  public CompletionStage<Void> getBody() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onSubscribe(Flow.Subscription open) {
    subscription.set(open);
    askIfEmpty();
  }

  @Override
  public void onNext(List<ByteBuffer> pieces) {
    asked.set(false);
    pieces.forEach(this::split);
    askIfEmpty();
  }

  private void split(ByteBuffer piece) {
    byte[] bytes = new byte[piece.remaining()];
    piece.get(bytes);
    int from = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        begun.write(bytes, from, at - from);
        items.add(new Item.Line(begun.toString(UTF_8)));
        begun = new ByteArrayOutputStream();
        from = at + 1;
      }
    }
    begun.write(bytes, from, bytes.length - from);
  }

  @Override
  public void onError(Throwable cause) {
    items.add(new Item.Broken(cause));
  }

  /** A last line without its end is half of one. */
  @Override
  public void onComplete() {
    if (begun.size() > 0) {
      items.add(new Item.Line(begun.toString(UTF_8)));
    }
    items.add(new Item.End());
  }
}
