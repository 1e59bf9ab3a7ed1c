package dev.matriarch.etcd;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Lines of a stream, taken one by one with a limit to the wait; a new one is asked for when one is
 * taken.
 */
final class LineQueue implements Flow.Subscriber<String> {

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

  Item next(Duration wait) throws InterruptedException {
    Item item = items.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
    if (item instanceof Item.Line) {
      Flow.Subscription open = subscription.get();
      if (open != null) {
        open.request(1);
      }
    }
    return item == null ? new Item.Silence() : item;
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

  @Override
  public void onSubscribe(Flow.Subscription open) {
    subscription.set(open);
    open.request(16);
  }

  @Override
  public void onNext(String line) {
    items.add(new Item.Line(line));
  }

  @Override
  public void onError(Throwable cause) {
    items.add(new Item.Broken(cause));
  }

  @Override
  public void onComplete() {
    items.add(new Item.End());
  }
}
