package dev.matriarch.agent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Long-running duties of the agent, each on a thread of its own. */
final class Tasks {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

  private Tasks() {}

  /** Work that ends by interruption. */
  @FunctionalInterface
  interface Duty {
    void run() throws InterruptedException;
  }

  static Thread start(String name, Duty duty) {
    return Thread.ofVirtual().name(name).start(() -> keep(name, duty));
  }

  private static void keep(String name, Duty duty) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        duty.run();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException | Error e) {
        LOG.error("{} ended in a defect and begins again", name, e);
      }
    }
  }
}
