package dev.matriarch.agent;

import dev.matriarch.engine.Event;

/** Where everything that happens to a member is put, from any thread; it never blocks. */
@FunctionalInterface
public interface Inbox {
  void put(Event event);
}
